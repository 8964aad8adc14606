package dev.holdfast.kinds;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.kind.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkClient;

/**
 * The operations that a kind's code can call, derived from the byte code that the kind's methods reach in the project.
 */
public final class CalledOperations {
    /** The classes of the SDK are not imported: there are thousands of them, and their names suffice. */
    private static final JavaClasses CLASSES = ArchConfiguration.withThreadLocalScope(configuration -> {
        configuration.setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.holdfast.kinds", "dev.holdfast.kind", "dev.holdfast.aws");
    });

    private CalledOperations() {}

    /** @return {@code ec2:DescribeVpcs}, as the SDK names operations */
    public static SortedSet<String> of(Kind<?> kind) {
        SortedSet<String> operations = new TreeSet<>();
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        CLASSES.get(kind.getClass()).getCodeUnits().forEach(open::add);
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.pop();
            if (!seen.add(unit)) {
                continue;
            }
            unit.getMethodCallsFromSelf().forEach(call -> visit(call.getTarget(), operations, open));
            unit.getMethodReferencesFromSelf().forEach(call -> visit(call.getTarget(), operations, open));
            unit.getConstructorCallsFromSelf().forEach(call -> visit(call.getTarget(), operations, open));
            unit.getConstructorReferencesFromSelf().forEach(call -> visit(call.getTarget(), operations, open));
            // Calls that a service's kinds share are constants, whose lambdas belong to the class's initializer.
            unit.getFieldAccesses().stream()
                    .filter(access ->
                            access.getTarget().getOwner().getPackageName().startsWith("dev.holdfast.kinds"))
                    .forEach(access ->
                            access.getTarget().getOwner().getStaticInitializer().ifPresent(open::add));
        }
        return operations;
    }

    private static String operation(String method) {
        String name = method.replaceAll("(AsBytes|Paginator)$", "");
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** The service's name, as in the counts of requests: the name for the signature, except for CloudWatch. */
    private static String prefix(JavaClass client) {
        try {
            String name = (String) client.reflect().getField("SERVICE_NAME").get(null);
            return name.equals("monitoring") ? "cloudwatch" : name;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(client.getName(), e);
        }
    }

    private static boolean isClient(JavaClass type) {
        return type.getPackageName().startsWith("software.amazon.awssdk.services.")
                && SdkClient.class.isAssignableFrom(type.reflect());
    }

    private static void visit(
            AccessTarget.CodeUnitAccessTarget target, SortedSet<String> operations, Deque<JavaCodeUnit> open) {
        JavaClass owner = target.getOwner();
        if (isClient(owner)) {
            operations.add(prefix(owner) + ":" + operation(target.getName()));
        } else {
            target.resolveMember()
                    .filter(m -> m.getOwner().getPackageName().startsWith("dev.holdfast"))
                    .filter(JavaCodeUnit.class::isInstance)
                    .map(JavaCodeUnit.class::cast)
                    .ifPresent(open::add);
        }
    }
}
