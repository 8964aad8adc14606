package dev.holdfast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.kind.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Data flows in one direction: a package uses only packages that stand above it in the list. */
class ArchitectureTest {
    private static final List<String> ORDER = List.of(
            "model",
            "store",
            "aws",
            "kind",
            "kinds",
            "composites",
            "policy",
            "desired",
            "plan",
            "state",
            "engine",
            "events",
            "alerts",
            "api",
            "rotation",
            "twin",
            "app");

    /** The enclosing class names these types: a spec record is always called Spec, and a builder Builder. */
    private static final Set<String> NAMED_BY_THEIR_OUTER_CLASS = Set.of("Spec", "Builder");

    private static final int MOST_PARAMETERS = 5;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast");

    @Test
    void aPackageUsesOnlyWhatStandsAboveIt() {
        List<String> below = new ArrayList<>(ORDER);
        for (String name : ORDER) {
            below.remove(name);
            if (!below.isEmpty()) {
                String[] forbidden =
                        below.stream().map(n -> "dev.holdfast." + n + "..").toArray(String[]::new);
                ArchRule rule = noClasses()
                        .that()
                        .resideInAPackage("dev.holdfast." + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden)
                        .allowEmptyShould(true);
                rule.check(CLASSES);
            }
        }
    }

    @Test
    void everyClassStandsInTheList() {
        String[] all = ORDER.stream().map(n -> "dev.holdfast." + n + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(all).check(CLASSES);
    }

    @Test
    void theModelAndThePlanKnowNoAws() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.holdfast.model..", "dev.holdfast.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(CLASSES);
    }

    @Test
    void onePackageKnowsTheLanguageOfPolicies() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.policy..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cel..", "com.google.common..")
                .check(CLASSES);
    }

    @Test
    void onlyTheApplicationUsesTheTwin() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.holdfast.twin..", "dev.holdfast.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.holdfast.twin..")
                .check(CLASSES);
    }

    /** One class measures the time of a wait: it does not use the clock of the machine, which may be set meanwhile. */
    @Test
    void oneClassOfTheApplicationWaits() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.app")
                .and()
                .doNotHaveSimpleName("Poll")
                .should()
                .callMethod(LockSupport.class, "parkNanos", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void theTwinKnowsNothingOfTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.twin..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("of ours, but not the twin's") {
                    @Override
                    public boolean test(JavaClass c) {
                        return c.getPackageName().startsWith("dev.holdfast.")
                                && !c.getPackageName().startsWith("dev.holdfast.twin")
                                && !c.getPackageName().equals("dev.holdfast.aws");
                    }
                })
                .check(CLASSES);
    }

    @Test
    void kindsOfOneServiceKnowNoOthers() {
        slices().matching("dev.holdfast.kinds.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void thePackagesOfTheTwinHaveNoCycles() {
        slices().matching("dev.holdfast.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES.that(resideInAPackage("dev.holdfast.twin..")));
    }

    @Test
    void aKindIsOneFinalClassNamedSo() {
        classes()
                .that()
                .implement(Kind.class)
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .should()
                .haveSimpleNameEndingWith("Kind")
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    @Test
    void kindsNeitherLogNorWait() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.kinds..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jboss.logging..", "java.util.logging..", "java.util.concurrent..")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void everySimpleNameIsUnique() {
        Map<String, Set<String>> bySimpleName = new TreeMap<>();
        for (JavaClass c : CLASSES) {
            String name = c.getSimpleName();
            if (!c.isAnonymousClass()
                    && !c.isLocalClass()
                    && !c.getModifiers().contains(JavaModifier.SYNTHETIC)
                    && !name.equals("package-info")
                    && !NAMED_BY_THEIR_OUTER_CLASS.contains(name)) {
                bySimpleName.computeIfAbsent(name, n -> new TreeSet<>()).add(c.getName());
            }
        }
        bySimpleName.values().removeIf(classes -> classes.size() == 1);

        assertThat(bySimpleName).isEmpty();
    }

    /** A record that only holds data may have more components, because it names each of them. */
    @Test
    void noConstructorTakesMoreThanFiveParameters() {
        Set<String> found = new TreeSet<>();
        for (JavaClass c : CLASSES) {
            boolean held =
                    c.getPackageName().matches("dev\\.holdfast\\.(engine|plan|alerts)") && !c.isRecord() && !c.isEnum();
            if (held
                    && c.getConstructors().stream()
                            .anyMatch(k -> k.getRawParameterTypes().size() > MOST_PARAMETERS)) {
                found.add(c.getName());
            }
        }

        assertThat(found).isEmpty();
    }
}
