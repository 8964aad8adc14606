package dev.holdfast.kind;

import dev.holdfast.aws.ActionNames;
import dev.holdfast.aws.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The service operations that a recipe calls, and the purpose of each, read from the byte code of the method that
 * declares the recipe: each step of the builder receives the preceding lambdas, and the lambdas call the client.
 */
final class RecipeCalls {
    /** The purpose of a call. */
    enum Purpose {
        LIST,
        READ,
        CREATE,
        CHANGE,
        DELETE,
        RESTART,
        TAG,
        UNTAG,
        NONE
    }

    /**
     * @param operation its IAM action: {@code ec2:DescribeVpcs}
     * @param update the index of the recipe's update that makes the call; -1: none
     * @param owner the slow facet or the component that a document must own before the call is made; null: none
     */
    record ServiceCall(
            Purpose purpose,
            String operation,
            int update,
            @Nullable String owner) {}

    /** Steps that read only if a document owns the facet or the component that they name. */
    private static final Set<String> READ_FOR_OWNERS = Set.of("policy", "facetOfOwners", "parameters");

    /**
     * The purposes of the lambdas of a step, in the order of its parameters. The last purpose holds for all further
     * lambdas.
     */
    private static final Map<String, List<Purpose>> STEPS = Map.ofEntries(
            Map.entry("PointRead.of", List.of(Purpose.READ)),
            Map.entry("Tagging.inline", List.of(Purpose.TAG, Purpose.UNTAG)),
            Map.entry("Tagging.batched", List.of(Purpose.LIST, Purpose.TAG, Purpose.UNTAG)),
            Map.entry("Tagging.indexed", List.of(Purpose.READ, Purpose.NONE, Purpose.TAG, Purpose.UNTAG)),
            Map.entry("Tagging.replaced", List.of(Purpose.READ, Purpose.NONE, Purpose.TAG)),
            Map.entry("Tagging.sentAs", List.of(Purpose.NONE)),
            Map.entry("Start.lists", List.of(Purpose.LIST)),
            Map.entry("Start.listsByName", List.of(Purpose.LIST)),
            Map.entry("Start.finds", List.of(Purpose.LIST)),
            Map.entry("RecipeBuilder.detail", List.of(Purpose.READ)),
            Map.entry("RecipeBuilder.facet", List.of(Purpose.READ)),
            Map.entry("RecipeBuilder.facetOfOwners", List.of(Purpose.READ)),
            Map.entry("RecipeBuilder.attributes", List.of(Purpose.NONE, Purpose.READ, Purpose.CHANGE)),
            Map.entry("RecipeBuilder.parameters", List.of(Purpose.NONE, Purpose.READ, Purpose.CHANGE)),
            Map.entry("RecipeBuilder.policy", List.of(Purpose.NONE, Purpose.READ, Purpose.CHANGE)),
            Map.entry("RecipeBuilder.puts", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.creates", List.of(Purpose.CREATE)),
            Map.entry("RecipeBuilder.createsNamed", List.of(Purpose.CREATE)),
            Map.entry("RecipeBuilder.createsIdentified", List.of(Purpose.CREATE)),
            Map.entry("RecipeBuilder.restores", List.of(Purpose.CREATE)),
            Map.entry("RecipeBuilder.supports", List.of(Purpose.READ)),
            Map.entry("RecipeBuilder.strays", List.of(Purpose.READ)),
            Map.entry("RecipeBuilder.changes", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.changesOneByOne", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.patches", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.patchesOnly", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.overlays", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.overwrites", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.updates", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.rewrites", List.of(Purpose.CHANGE)),
            Map.entry("RecipeBuilder.updatesIf", List.of(Purpose.NONE, Purpose.CHANGE)),
            Map.entry("RecipeBuilder.restarts", List.of(Purpose.RESTART)),
            Map.entry("RecipeBuilder.deletes", List.of(Purpose.DELETE)),
            Map.entry("RecipeBuilder.deletesObserved", List.of(Purpose.DELETE)));

    /** Methods of a kind without a recipe that change its resources. */
    private static final Set<String> VERBS = Set.of("create", "update", "restart", "delete");

    /** Methods of a kind that make reads outside of the recipe. */
    private static final Set<String> ASKED = Set.of("holders", "failure", "remains");

    /** Steps that add an update to the recipe. */
    private static final Set<String> UPDATES = Set.of(
            "policy",
            "attributes",
            "parameters",
            "puts",
            "changes",
            "changesOneByOne",
            "patches",
            "patchesOnly",
            "overlays",
            "overwrites",
            "updates",
            "updatesIf",
            "rewrites");

    /** Return types of methods that the recipes of a service share; the steps in such a method define the purposes. */
    private static final Set<String> SHARED = Set.of("Ldev/holdfast/kind/Tagging;", "Ldev/holdfast/kind/PointRead;");

    private static final String GETTER = "Ldev/holdfast/kind/Getter;";
    private static final String OURS = "dev/holdfast/";
    private static final String SDK = "software/amazon/awssdk/services/";

    /** A method by its owner's internal name, its name and its descriptor. */
    private record Method(String owner, String name, String descriptor) {}

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final ClassLoader loader;
    private final List<ServiceCall> calls = new ArrayList<>();
    private final Set<String> constants = new HashSet<>();
    /** The indexes of the updates that make each call; -1: another step makes it. */
    private final Map<String, Set<Integer>> writes = new TreeMap<>();
    /** Whether a method also reaches the lambdas of the constants that it uses. */
    private boolean throughConstants;

    private int updates;

    private RecipeCalls(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * @throws IllegalStateException if a step that calls AWS has no entry in {@link #STEPS}
     * @throws UncheckedIOException if the class file cannot be read
     */
    static List<ServiceCall> of(Class<?> kind) {
        RecipeCalls reader = new RecipeCalls(Objects.requireNonNull(kind.getClassLoader()));
        reader.read(kind, ASKED, Purpose.READ);
        return List.copyOf(reader.calls);
    }

    /**
     * The operations that change resources of a kind, by AWS's names ({@code s3:PutBucketEncryption}), with the indexes
     * of the recipe's updates that call them, or -1 if another step calls them.
     *
     * @throws IllegalStateException as {@link #of}
     */
    static Map<String, Set<Integer>> writes(Class<?> kind) {
        RecipeCalls reader = new RecipeCalls(Objects.requireNonNull(kind.getClassLoader()));
        reader.throughConstants = true;
        reader.read(kind, VERBS, Purpose.CHANGE);
        return Collections.unmodifiableMap(reader.writes);
    }

    /** Reads the recipe and the methods in {@code beside}. */
    private void read(Class<?> kind, Set<String> beside, Purpose purpose) {
        String name = kind.getName().replace('.', '/');
        for (MethodModel method : model(name).methods()) {
            String called = method.methodName().stringValue();
            if (called.equals("recipe") && method.code().isPresent()) {
                steps(method, null);
            } else if (beside.contains(called)) {
                add(purpose, new Method(name, called, method.methodType().stringValue()), -1, null);
            }
        }
    }

    /** @param constant the static field whose initialization is read; null: the whole method */
    private void steps(MethodModel method, @Nullable String constant) {
        List<Method> pending = new ArrayList<>();
        String text = "";
        int from = calls.size();
        for (CodeElement element : method.code().orElseThrow()) {
            switch (element) {
                case InvokeDynamicInstruction lambda -> implementation(lambda, pending);
                case ConstantInstruction value when value.constantValue() instanceof String words -> text = words;
                case InvokeInstruction call -> step(call, pending, text);
                case FieldInstruction field when field.opcode().name().equals("GETSTATIC") -> constant(field);
                case FieldInstruction field
                when constant != null && field.opcode().name().equals("PUTSTATIC") -> {
                    pending.forEach(lambda -> add(Purpose.LIST, lambda, -1, null));
                    pending.clear();
                    if (!field.name().stringValue().equals(constant)) {
                        calls.subList(from, calls.size()).clear();
                    } else {
                        return;
                    }
                }
                default -> {}
            }
        }
    }

    private static void implementation(InvokeDynamicInstruction lambda, List<Method> pending) {
        lambda.bootstrapArgs().stream()
                .filter(DirectMethodHandleDesc.class::isInstance)
                .map(DirectMethodHandleDesc.class::cast)
                .findFirst()
                .ifPresent(handle -> pending.add(
                        new Method(internal(handle.owner()), handle.methodName(), handle.lookupDescriptor())));
    }

    private static String internal(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    /** @param text the last text constant before the call, which is the name of a facet unless a getter names it */
    private void step(InvokeInstruction call, List<Method> pending, String text) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (owner.startsWith(OURS + "kinds/")) {
            Method method = new Method(owner, name, call.type().stringValue());
            if (SHARED.contains(call.typeSymbol().returnType().descriptorString())) {
                code(method).ifPresent(declared -> steps(declared, null));
            } else {
                pending.add(method);
            }
            return;
        }
        String step = owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1) + "." + name;
        List<Purpose> purposes = STEPS.get(step);
        int taken = Math.min(pending.size(), functions(call.typeSymbol()));
        if (step.startsWith("RecipeBuilder.") || step.startsWith("Start.")) {
            taken = pending.size();
        }
        List<Method> lambdas = pending.subList(pending.size() - taken, pending.size());
        if (purposes != null) {
            int update = UPDATES.contains(name) ? updates++ : -1;
            boolean component =
                    call.typeSymbol().parameterType(0).descriptorString().equals(GETTER);
            String read = component ? lambdas.getFirst().name() : text;
            for (int i = 0; i < lambdas.size(); i++) {
                Purpose purpose = purposes.get(Math.min(i, purposes.size() - 1));
                boolean owners = purpose == Purpose.READ && READ_FOR_OWNERS.contains(name);
                add(purpose, lambdas.get(i), update, owners ? read : null);
            }
        } else if (lambdas.stream().anyMatch(lambda -> !operations(lambda).isEmpty())
                && step.startsWith("RecipeBuilder.")) {
            throw new IllegalStateException(step + "calls AWS: add its purposes to RecipeCalls.STEPS");
        }
        if (purposes != null || step.startsWith("RecipeBuilder.")) {
            lambdas.clear();
        }
    }

    private static int functions(MethodTypeDesc type) {
        return (int) type.parameterList().stream()
                .filter(p -> p.descriptorString().startsWith("Ljava/util/function/")
                        || p.descriptorString().startsWith("Ldev/holdfast/kind/"))
                .filter(p -> !p.descriptorString().contains("PointRead;")
                        && !p.descriptorString().contains("Tagging;"))
                .count();
    }

    /** Reads the lambdas in the initializer of a constant that the kinds of a service share. */
    private void constant(FieldInstruction field) {
        String owner = field.owner().asInternalName();
        if (!owner.startsWith(OURS + "kinds/")
                || !constants.add(owner + "." + field.name().stringValue())) {
            return;
        }
        for (MethodModel method : model(owner).methods()) {
            if (method.methodName().stringValue().equals("<clinit>")) {
                steps(method, field.name().stringValue());
            }
        }
    }

    private void add(Purpose purpose, Method lambda, int update, @Nullable String owner) {
        if (purpose != Purpose.NONE) {
            Set<String> reached = operations(lambda);
            reached.stream()
                    .filter(operation -> Operations.isWrite(operation.substring(operation.indexOf(':') + 1)))
                    .forEach(operation -> writes.computeIfAbsent(operation, o -> new TreeSet<>())
                            .add(update));
            reached.stream()
                    .flatMap(operation -> ActionNames.of(operation).stream())
                    .forEach(action -> calls.add(new ServiceCall(purpose, action, update, owner)));
        }
    }

    /** All operations that a method reaches through code of the project. */
    private Set<String> operations(Method start) {
        Set<String> operations = new TreeSet<>();
        Set<Method> seen = new HashSet<>();
        List<Method> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            Method method = open.removeLast();
            if (!seen.add(method)) {
                continue;
            }
            if (method.owner().startsWith(SDK) && method.owner().endsWith("Client")) {
                operations.add(operation(method));
            } else if (method.owner().startsWith(OURS + "kinds/")) {
                open.addAll(reached(method));
            }
        }
        return operations;
    }

    private Optional<MethodModel> code(Method method) {
        return model(method.owner()).methods().stream()
                .filter(m -> m.methodName().stringValue().equals(method.name())
                        && m.methodType().stringValue().equals(method.descriptor())
                        && m.code().isPresent())
                .findFirst();
    }

    private List<Method> reached(Method method) {
        List<Method> reached = new ArrayList<>();
        code(method)
                .flatMap(MethodModel::code)
                .ifPresent(code -> code.forEach(element -> {
                    switch (element) {
                        case InvokeDynamicInstruction lambda -> implementation(lambda, reached);
                        case FieldInstruction field
                        when throughConstants
                                && field.opcode().name().equals("GETSTATIC")
                                && field.owner().asInternalName().startsWith(OURS + "kinds/") ->
                            initializers(field.owner().asInternalName(), reached);
                        case InvokeInstruction call ->
                            reached.add(new Method(
                                    call.owner().asInternalName(),
                                    call.name().stringValue(),
                                    call.type().stringValue()));
                        default -> {}
                    }
                }));
        return reached;
    }

    private void initializers(String owner, List<Method> reached) {
        for (MethodModel method : model(owner).methods()) {
            if (method.methodName().stringValue().equals("<clinit>")) {
                method.code().orElseThrow().forEach(element -> {
                    if (element instanceof InvokeDynamicInstruction lambda) {
                        implementation(lambda, reached);
                    }
                });
            }
        }
    }

    private String operation(Method method) {
        String name = method.name().replaceAll("(AsBytes|Paginator)$", "");
        return service(method.owner()) + ":" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private String service(String client) {
        try {
            Class<?> type = Class.forName(client.replace('/', '.'), false, loader);
            return Operations.prefix((String)
                    Objects.requireNonNull(type.getField("SERVICE_NAME").get(null)));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(client + "is not a client of the SDK", e);
        }
    }

    private ClassModel model(String name) {
        ClassModel known = classes.get(name);
        if (known == null) {
            try (InputStream file = Objects.requireNonNull(loader.getResourceAsStream(name + ".class"), name)) {
                known = ClassFile.of().parse(file.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            classes.put(name, known);
        }
        return known;
    }
}
