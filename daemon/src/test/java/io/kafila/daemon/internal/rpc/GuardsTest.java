package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.node.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardsTest {
    @Test
    void origins_localAndConfigured_pass() {
        Origins origins = new Origins(List.of("https://app.example:<port>"), 5001);
        assertThat(origins.permits("", "", "curl/8")).isTrue();
        assertThat(origins.permits("http://localhost:5001", "", "Mozilla/5.0")).isTrue();
        assertThat(origins.permits("http://localhost:8080", "", "Mozilla/5.0")).isFalse();
        assertThat(origins.permits("https://app.example:5001", "", "Mozilla/5.0"))
                .isTrue();
        assertThat(origins.permits("https://evil.example", "", "")).isFalse();
        assertThat(origins.permits("", "https://evil.example/page", "")).isFalse();
        assertThat(origins.permits("", "http://127.0.0.1:5001/webui", "")).isTrue();
        assertThat(origins.permits("", "::::", "")).isFalse();
        assertThat(origins.permits("", "", "Mozilla/5.0 (X11)")).isFalse();
        assertThat(origins.permits("", "", "Mozilla/5.0 Electron/30")).isTrue();
        assertThat(new Origins(List.of("*"), 1).permits("https://any.example", "", ""))
                .isTrue();
    }

    @Test
    void authorizations_headersOfSecrets() {
        assertThat(Authorizations.header("bearer:t")).isEqualTo("Bearer t");
        assertThat(Authorizations.header("t")).isEqualTo("Bearer t");
        assertThat(Authorizations.header("basic:user:pass")).isEqualTo("Basic dXNlcjpwYXNz");
        assertThat(Authorizations.header("basic:dXNlcjpwYXNz")).isEqualTo("Basic dXNlcjpwYXNz");
        assertThat(Authorizations.header("digest:x")).isEmpty();
    }

    @Test
    void authorizations_onlyAllowedPaths() {
        Authorizations none = Authorizations.of(Config.parse("{}"));
        assertThat(none.permits("", "/api/v0/add")).isTrue();
        Authorizations some = Authorizations.of(Config.parse("{\"API\":{\"Authorizations\":{\"Ann\":{\"AuthSecret\":"
                + "\"bearer:t\",\"AllowedPaths\":[\"/api/v0/add\"]}}}}"));
        assertThat(some.permits("Bearer t", "/api/v0/add")).isTrue();
        assertThat(some.permits("Bearer t", "/api/v0/version")).isTrue();
        assertThat(some.permits("Bearer t", "/api/v0/cat")).isFalse();
        assertThat(some.permits("Bearer x", "/api/v0/add")).isFalse();
        assertThat(some.permits("", "/api/v0/version")).isFalse();
    }

    @Test
    void authorizations_unreadableSecrets_lockOut() {
        Authorizations broken = Authorizations.of(Config.parse(
                "{\"API\":{\"Authorizations\":{\"Ann\":{\"AuthSecret\":\"digest:t\",\"AllowedPaths\":[\"/\"]}}}}"));
        assertThat(broken.permits("", "/api/v0/add")).isFalse();
    }

    @Test
    void headerParameters_quotedAndBare() {
        assertThat(HeaderParameters.parse("form-data; name=\"a;b\\\"c\"; filename=x%20y ; flag; z = q"))
                .containsEntry("name", "a;b\"c")
                .containsEntry("filename", "x%20y")
                .containsEntry("z", "q");
        assertThat(HeaderParameters.value("Multipart/Form-Data; boundary=x")).isEqualTo("Multipart/Form-Data");
        assertThat(HeaderParameters.parse("x; a=\"unclosed")).containsEntry("a", "unclosed");
    }
}
