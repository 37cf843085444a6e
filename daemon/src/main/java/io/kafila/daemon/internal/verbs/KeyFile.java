package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which private keys leave and enter the keystore. */
enum KeyFile {
    /** The protobuf, as the keystore has it. */
    PROTOBUF("libp2p-protobuf-cleartext", ".key") {
        @Override
        byte[] write(PrivateKey key) {
            return key.protobuf();
        }

        @Override
        PrivateKey read(byte[] content) {
            try {
                return PrivateKey.decode(content);
            } catch (MultiformatException e) {
                if (PEM_BLOCK.matcher(text(content)).find()) {
                    throw new CommandException(
                            "unexpected PEM block for format=" + option + ": try again with format=" + PEM.option, e);
                }
                throw new CommandException("unable to unmarshall format=" + option + ": " + e.getMessage(), e);
            }
        }
    },

    /** PKCS #8 in PEM, as OpenSSL has it. */
    PEM("pem-pkcs8-cleartext", ".pem") {
        @Override
        byte[] write(PrivateKey key) {
            String base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(key.pkcs8());
            return ("-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        PrivateKey read(byte[] content) {
            Matcher block = PEM_BLOCK.matcher(text(content));
            if (!block.find()) {
                throw new CommandException("PEM block not found in input data:\n" + text(content));
            }
            if (!block.group(1).equals("PRIVATE KEY")) {
                throw new CommandException("expected PRIVATE KEY type in PEM block but got: " + block.group(1));
            }
            try {
                return PrivateKey.ofPkcs8(Base64.getMimeDecoder().decode(block.group(2)));
            } catch (IllegalArgumentException e) {
                throw new CommandException("parsing PKCS8 format: " + e.getMessage(), e);
            }
        }
    };

    /** The largest file that is read: an RSA key of 8192 bits takes less than seven thousand bytes in PEM. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int LINE_CHARS = 64;
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    final String option;
    final String extension;

    KeyFile(String option, String extension) {
        this.option = option;
        this.extension = extension;
    }

    abstract byte[] write(PrivateKey key);

    abstract PrivateKey read(byte[] content);

    /** @param unknown what the message of an unknown form begins with */
    static KeyFile of(String option, String unknown) {
        return Arrays.stream(values())
                .filter(form -> form.option.equals(option))
                .findFirst()
                .orElseThrow(() -> new CommandException(unknown + ": " + option));
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
