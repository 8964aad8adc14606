package dev.holdfast.twin.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
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
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/** Finds, in the byte code of a twin, the members of the SDK's shapes that an operation reads or copies. */
final class TwinCode {
    private static final String TWIN = "dev/holdfast/twin/";
    private static final String SDK = "software/amazon/awssdk/services/";
    private static final String SHAPES = "dev/holdfast/aws/SdkShapes";
    private static final Pattern BUILDER = Pattern.compile(SDK + "\\w+/model/(\\w+)\\$Builder");
    private static final Set<String> COPYING = Set.of("create", "modify", "matching");
    private static final Pattern NAMES = Pattern.compile("Ljava/(lang/String|util/List);.*\\)");
    private static final Pattern MODEL = Pattern.compile("L(" + SDK + "\\w+/model/\\w+)");
    private static final Map<String, Optional<ClassModel>> CLASSES = new ConcurrentHashMap<>();
    private static final Map<Code, Facts> FACTS = new ConcurrentHashMap<>();

    private TwinCode() {}

    /** A method by its owner's internal name, its name and its descriptor. */
    private record Code(String owner, String name, String descriptor) {}

    /**
     * The facts about one method, without those about the methods that it calls.
     *
     * @param calls methods of the twin that it calls or uses in a lambda
     * @param getters getters of the SDK's shapes, as {@code owner.getter}
     * @param builds shapes that it builds without a copy
     * @param copies shapes into which it may copy members by name
     * @param names members that it may read by name
     */
    private record Facts(
            Set<Code> calls, Set<String> getters, Set<String> builds, Set<String> copies, Set<String> names) {
        Facts() {
            this(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        }

        void add(Facts more) {
            getters.addAll(more.getters);
            builds.addAll(more.builds);
            copies.addAll(more.copies);
            names.addAll(more.names);
        }
    }

    /**
     * The members that an operation reads, in all methods of the twin that it can call.
     *
     * @param copies shapes that receive the members that they share with the request
     */
    record Reads(Set<String> getters, Set<String> names, List<SdkPojo> copies, Set<String> builds) {
        /** Whether the operation calls the member's getter, or reads the member by name. */
        boolean reads(Class<?> shape, String member) {
            String name = member.toLowerCase(Locale.ROOT);
            return getters.contains(shape.getName().replace('.', '/') + "." + name) || names.contains(name);
        }

        /** Whether the operation takes such a shape apart and builds a new one. */
        boolean buildsAnew(Class<?> shape) {
            String name = shape.getName().replace('.', '/') + ".";
            return builds.contains(shape.getName().replace('.', '/'))
                    && !getters.contains(name + "tobuilder")
                    && getters.stream().anyMatch(getter -> getter.startsWith(name));
        }
    }

    static Reads reads(Class<?> twin, Method operation) {
        Facts all = new Facts();
        Set<Code> seen = new HashSet<>();
        List<Code> open = new ArrayList<>();
        open.add(new Code(internal(operation.getDeclaringClass()), operation.getName(), descriptor(operation)));
        while (!open.isEmpty()) {
            Code code = open.removeLast();
            if (seen.add(code)) {
                for (Code declared : List.of(code, new Code(internal(twin), code.name(), code.descriptor()))) {
                    declaring(declared.owner(), code).ifPresent(found -> {
                        Facts facts = FACTS.computeIfAbsent(found, TwinCode::facts);
                        all.add(facts);
                        open.addAll(facts.calls());
                    });
                }
            }
        }
        return new Reads(
                all.getters(),
                all.names(),
                all.copies().stream().map(TwinCode::shape).toList(),
                all.builds());
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private static String descriptor(Method method) {
        return MethodTypeDesc.of(
                        ClassDesc.ofDescriptor(method.getReturnType().descriptorString()),
                        Arrays.stream(method.getParameterTypes())
                                .map(p -> ClassDesc.ofDescriptor(p.descriptorString()))
                                .toList())
                .descriptorString();
    }

    private static SdkPojo shape(String shape) {
        try {
            return Operation.newBuilder(Class.forName(shape.replace('/', '.')));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(shape + " is no shape of the SDK", e);
        }
    }

    /** The method as a class of the twin, one of its superclasses or one of its interfaces declares it. */
    private static Optional<Code> declaring(String owner, Code wanted) {
        if (!owner.startsWith(TWIN)) {
            return Optional.empty();
        }
        ClassModel type = model(owner).orElseThrow();
        if (method(type, wanted).isPresent()) {
            return Optional.of(new Code(owner, wanted.name(), wanted.descriptor()));
        }
        return Stream.concat(type.superclass().stream(), type.interfaces().stream())
                .map(parent -> declaring(parent.asInternalName(), wanted))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<MethodModel> method(ClassModel type, Code wanted) {
        return type.methods().stream()
                .filter(m -> m.code().isPresent()
                        && m.methodName().equalsString(wanted.name())
                        && m.methodType().equalsString(wanted.descriptor()))
                .findFirst();
    }

    private static Facts facts(Code method) {
        Facts facts = new Facts();
        Set<String> texts = new HashSet<>();
        Set<String> shapes = builders(method.descriptor());
        boolean byName = false;
        boolean copies = false;
        MethodModel code = method(model(method.owner()).orElseThrow(), method).orElseThrow();
        for (CodeElement element : code.code().orElseThrow()) {
            switch (element) {
                case InvokeInstruction call -> {
                    Code called = new Code(
                            call.owner().asInternalName(),
                            call.name().stringValue(),
                            call.type().stringValue());
                    reached(called, facts);
                    shapes.addAll(builders(called.owner() + called.descriptor()));
                    boolean request = called.descriptor().contains("SdkPojo;");
                    byName |= request && NAMES.matcher(called.descriptor()).find();
                    copies |= request && copies(called);
                }
                case InvokeDynamicInstruction lambda ->
                    lambda.bootstrapArgs().stream()
                            .filter(DirectMethodHandleDesc.class::isInstance)
                            .map(DirectMethodHandleDesc.class::cast)
                            .map(handle -> new Code(
                                    descriptorToName(handle.owner()), handle.methodName(), handle.lookupDescriptor()))
                            .filter(called -> !called.name().equals("builder"))
                            .forEach(called -> reached(called, facts));
                case FieldInstruction field -> {
                    shapes.addAll(stored(field));
                    if (field.owner().asInternalName().equals(method.owner())
                            && field.opcode().name().equals("GETSTATIC")) {
                        texts.addAll(constants(method.owner()));
                    }
                }
                case ConstantInstruction constant
                when constant.constantValue() instanceof String text -> texts.add(text.toLowerCase(Locale.ROOT));
                default -> {}
            }
        }
        if (byName) {
            facts.names().addAll(texts);
        }
        if (copies) {
            facts.copies().addAll(shapes);
        }
        return facts;
    }

    private static boolean copies(Code called) {
        return called.owner().equals(SHAPES) && called.name().equals("copy")
                || called.owner().equals(TWIN + "store/ResourceStore") && COPYING.contains(called.name());
    }

    private static void reached(Code called, Facts facts) {
        if (called.owner().startsWith(TWIN)) {
            facts.calls().add(called);
        } else if (called.owner().startsWith(SDK) && called.name().equals("builder")) {
            facts.builds().add(called.owner());
        } else if (called.owner().startsWith(SDK) && called.descriptor().startsWith("()")) {
            facts.getters().add(called.owner() + "." + member(called.name()));
        }
    }

    private static String member(String getter) {
        return getter.replaceAll("AsStrings?$", "")
                .replaceAll("^has(?=[A-Z])", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String descriptorToName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private static Set<String> builders(String text) {
        Set<String> shapes = new HashSet<>();
        Matcher matcher = BUILDER.matcher(text);
        while (matcher.find()) {
            shapes.add(matcher.group().substring(0, matcher.group().length() - "$Builder".length()));
        }
        return shapes;
    }

    /** The shapes that a store in this field holds. */
    private static Set<String> stored(FieldInstruction field) {
        Set<String> shapes = new HashSet<>();
        if (!field.type().equalsString("L" + TWIN + "store/ResourceStore;")) {
            return shapes;
        }
        model(field.owner().asInternalName()).orElseThrow().fields().stream()
                .filter(f -> f.fieldName().equalsString(field.name().stringValue()))
                .flatMap(f -> f.findAttribute(Attributes.signature()).stream())
                .map(s -> MODEL.matcher(s.signature().stringValue()))
                .forEach(matcher -> {
                    if (matcher.find()) {
                        shapes.add(matcher.group(1));
                    }
                });
        return shapes;
    }

    /** The text constants of a class. */
    private static Set<String> constants(String owner) {
        Set<String> texts = new HashSet<>();
        model(owner).orElseThrow().methods().stream()
                .filter(m -> m.methodName().equalsString("<clinit>"))
                .flatMap(m -> m.code().orElseThrow().elementStream())
                .forEach(element -> {
                    if (element instanceof ConstantInstruction constant
                            && constant.constantValue() instanceof String text) {
                        texts.add(text.toLowerCase(Locale.ROOT));
                    }
                });
        return texts;
    }

    private static Optional<ClassModel> model(String name) {
        return CLASSES.computeIfAbsent(name, file -> {
            try (InputStream in =
                    Objects.requireNonNull(TwinCode.class.getClassLoader()).getResourceAsStream(file + ".class")) {
                return in == null
                        ? Optional.empty()
                        : Optional.of(ClassFile.of().parse(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
