package io.kafila.interop;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the arrows between the modules as docs/ARCHITECTURE.md draws them. */
class ArchitectureTest {
    private static final List<String> MODULES = List.of(
            "multiformats",
            "libp2p",
            "blockstore",
            "dag",
            "bitswap",
            "dht",
            "naming",
            "delegated",
            "node",
            "daemon",
            "benchmarks");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.kafila");

    @Test
    void everyModule_isSeen() {
        for (String module : MODULES) {
            assertThat(CLASSES.stream().anyMatch(resideInAPackage("io.kafila." + module + "..")))
                    .as("classes of " + module)
                    .isTrue();
        }
    }

    @Test
    void modules_importOnlyAlongTheArrows() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("multiformats")
                .definedBy("io.kafila.multiformats..")
                .layer("libp2p")
                .definedBy("io.kafila.libp2p..")
                .layer("blockstore")
                .definedBy("io.kafila.blockstore..")
                .layer("dag")
                .definedBy("io.kafila.dag..")
                .layer("bitswap")
                .definedBy("io.kafila.bitswap..")
                .layer("dht")
                .definedBy("io.kafila.dht..", "io.kafila.naming..", "io.kafila.delegated..")
                .layer("node")
                .definedBy("io.kafila.node..")
                .layer("daemon")
                .definedBy("io.kafila.daemon..")
                .layer("benchmarks")
                .definedBy("io.kafila.benchmarks..")
                .whereLayer("multiformats")
                .mayNotAccessAnyLayer()
                .whereLayer("libp2p")
                .mayOnlyAccessLayers("multiformats")
                .whereLayer("blockstore")
                .mayOnlyAccessLayers("multiformats")
                .whereLayer("dag")
                .mayOnlyAccessLayers("blockstore", "multiformats")
                .whereLayer("bitswap")
                .mayOnlyAccessLayers("libp2p", "blockstore", "multiformats")
                .whereLayer("dht")
                .mayOnlyAccessLayers("libp2p", "dag", "blockstore", "multiformats")
                .whereLayer("node")
                .mayOnlyAccessLayers("multiformats", "libp2p", "blockstore", "dag", "bitswap", "dht")
                .whereLayer("daemon")
                .mayOnlyBeAccessedByLayers("benchmarks")
                .whereLayer("benchmarks")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void kademlia_knowsNoBlocks() {
        noClasses()
                .that()
                .resideInAPackage("io.kafila.dht..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.kafila.dag..", "io.kafila.blockstore..")
                .check(CLASSES);
    }

    /** But for the benchmarks of single classes and stages, which measure them where they are. */
    @Test
    void internalPackages_areNobodyElses() {
        for (String module : MODULES) {
            noClasses()
                    .that(resideInAPackage("io.kafila..")
                            .and(DescribedPredicate.not(resideInAnyPackage(
                                    "io.kafila." + module + "..",
                                    "io.kafila.benchmarks.micro..",
                                    "io.kafila.benchmarks.roofline.."))))
                    .should()
                    .dependOnClassesThat(resideInAPackage("io.kafila." + module + "..internal.."))
                    .check(CLASSES);
        }
    }

    @Test
    void netty_staysBelowTheModulesOfTheWire() {
        noClasses()
                .that(resideInAnyPackage(
                        "io.kafila.multiformats..", "io.kafila.blockstore..", "io.kafila.dag..", "io.kafila.node.."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.."))
                .check(CLASSES);
    }

    @Test
    void publicSignatures_showNoNetty() {
        methods()
                .that()
                .arePublic()
                .and()
                // Nobody has the benchmarks' signatures.
                .areDeclaredInClassesThat(DescribedPredicate.not(
                                resideInAnyPackage("..internal..", "io.kafila.benchmarks.."))
                        .and(DescribedPredicate.describe(
                                "are public",
                                (JavaClass type) -> type.getModifiers()
                                        .contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))))
                .should(new ArchCondition<>("show no type of Netty") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        boolean shows =
                                method.getRawReturnType().getPackageName().startsWith("io.netty")
                                        || method.getRawParameterTypes().stream()
                                                .anyMatch(type ->
                                                        type.getPackageName().startsWith("io.netty"));
                        if (shows) {
                            events.add(SimpleConditionEvent.violated(method, method.getFullName()));
                        }
                    }
                })
                .check(CLASSES);
    }

    @Test
    void everyClass_livesInAModule() {
        classes()
                .that(alwaysTrue())
                .should()
                .resideInAnyPackage(MODULES.stream()
                        .map(module -> "io.kafila." + module + "..")
                        .toArray(String[]::new))
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("testkit"))
                        .importPackages("io.kafila"));
    }
}
