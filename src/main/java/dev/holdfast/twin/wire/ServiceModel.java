package dev.holdfast.twin.wire;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/**
 * One AWS service: the operations of the SDK's client interface, and the operations that the twin has.
 *
 * <p>It takes up to a second (EC2) to read a whole interface of the SDK, and a few milliseconds to read the twin's own
 * methods. Therefore the whole interface is read only for an operation that the twin does not have, or at the first
 * call of a REST service, because a path has to be compared with all possible ones.
 */
public final class ServiceModel {
    private final Class<? extends SdkClient> api;
    private final Class<?> twin;
    private final String signingName;
    private volatile @Nullable Map<String, Operation> implemented;
    private volatile @Nullable Map<String, Operation> all;
    private volatile @Nullable Shape shape;

    /** @param target the prefix of X-Amz-Target; null unless the protocol is JSON RPC */
    private record Shape(
            WireProtocol protocol, String version, @Nullable String target) {}

    /**
     * @param twin a class that implements {@code api}; or {@code api} itself, which counts all operations as present
     */
    public ServiceModel(Class<? extends SdkClient> api, Class<?> twin) {
        this.api = api;
        this.twin = twin;
        try {
            signingName = (String) api.getField("SERVICE_NAME").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not the SDK that this was written for", e);
        }
    }

    /** @param twin a class that implements the SDK's interface for one service, or whose parent does */
    public static ServiceModel of(Class<?> twin) {
        for (Class<?> type = twin; type != null; type = type.getSuperclass()) {
            for (Class<?> face : type.getInterfaces()) {
                if (face.getPackageName().startsWith("software.amazon.awssdk.services.")) {
                    return new ServiceModel(face.asSubclass(SdkClient.class), twin);
                }
            }
        }
        throw new IllegalArgumentException(twin + " is no client of the SDK");
    }

    public Class<? extends SdkClient> api() {
        return api;
    }

    Class<?> twin() {
        return twin;
    }

    /** The answers of the operations that the twin has. */
    List<SdkPojo> answers() {
        return implemented().values().stream()
                .<Class<?>>map(operation -> operation.method().getReturnType())
                .filter(SdkResponse.class::isAssignableFrom)
                .map(Operation::newBuilder)
                .toList();
    }

    /** The name of the service in the credential scope of a signature. */
    public String signingName() {
        return signingName;
    }

    /** The service's name before an operation: the signing name, except for {@code cloudwatch}. */
    public String prefix() {
        return prefix(signingName);
    }

    static String prefix(String signingName) {
        return signingName.equals("monitoring") ? "cloudwatch" : signingName;
    }

    public WireProtocol protocol() {
        return shape().protocol();
    }

    String version() {
        return shape().version();
    }

    @Nullable
    String target() {
        return shape().target();
    }

    /** The operation with this name, in any case; null if this SDK does not know it. */
    public @Nullable Operation operation(String name) {
        String key = name.toLowerCase(Locale.ROOT);
        Operation own = implemented().get(key);
        return own != null ? own : all().get(key);
    }

    public List<Operation> operations() {
        return all().values().stream().toList();
    }

    /** The best match for a REST request; null if there is none. Among equal matches, an operation of the twin wins. */
    @Nullable
    Operation match(WireRequest request) {
        Operation best = null;
        int top = -1;
        for (Operation candidate : all().values()) {
            int score = candidate.binding().score(request);
            if (score > top || (score == top && best != null && candidate.implemented() && !best.implemented())) {
                top = score;
                best = candidate;
            }
        }
        return best;
    }

    String namespace() {
        return switch (signingName) {
            case "s3" -> "http://s3.amazonaws.com/doc/2006-03-01/";
            case "cloudfront" -> "http://cloudfront.amazonaws.com/doc/2020-05-31/";
            case "route53", "iam", "sts" -> "https://" + signingName + ".amazonaws.com/doc/" + version() + "/";
            default -> "http://" + signingName + ".amazonaws.com/doc/" + version() + "/";
        };
    }

    /** The methods that a twin declares, in all its classes and interfaces except the SDK's. */
    private Map<String, Operation> implemented() {
        Map<String, Operation> known = implemented;
        return known != null ? known : readImplemented();
    }

    private synchronized Map<String, Operation> readImplemented() {
        Map<String, Operation> known = implemented;
        if (known == null) {
            known = new HashMap<>();
            own(twin, new HashSet<>(), known);
            implemented = known;
        }
        return known;
    }

    private void own(Class<?> type, Set<Class<?>> seen, Map<String, Operation> into) {
        boolean sdk = type.getName().startsWith("software.amazon.");
        if (!seen.add(type) || type == Object.class || (sdk && type != twin)) {
            return;
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isOperation(method)) {
                method.setAccessible(true); // a class that is not public may contain a part of the twin
                into.putIfAbsent(key(method), new Operation(this, method, true));
            }
        }
        if (type.getSuperclass() != null) {
            own(type.getSuperclass(), seen, into);
        }
        Arrays.stream(type.getInterfaces()).forEach(i -> own(i, seen, into));
    }

    private Map<String, Operation> all() {
        Map<String, Operation> known = all;
        return known != null ? known : readAll();
    }

    private synchronized Map<String, Operation> readAll() {
        Map<String, Operation> known = all;
        if (known == null) {
            known = new HashMap<>();
            for (Method method : api.getMethods()) {
                if (isOperation(method)) {
                    known.putIfAbsent(key(method), new Operation(this, method, false));
                }
            }
            known.putAll(implemented());
            all = known;
        }
        return known;
    }

    private static String key(Method method) {
        return Operation.nameOf(method.getParameterTypes()[0]).toLowerCase(Locale.ROOT);
    }

    private static boolean isOperation(Method method) {
        List<Class<?>> types = new ArrayList<>(List.of(method.getParameterTypes()));
        if (Modifier.isStatic(method.getModifiers())
                || method.isBridge()
                || types.isEmpty()
                || !AwsRequest.class.isAssignableFrom(types.removeFirst())) {
            return false;
        }
        return types.isEmpty()
                ? SdkResponse.class.isAssignableFrom(method.getReturnType())
                : types.equals(List.of(RequestBody.class))
                        || types.equals(List.of(ResponseTransformer.class))
                        || types.equals(List.of(RequestBody.class, ResponseTransformer.class));
    }

    private Shape shape() {
        Shape known = shape;
        if (known == null) {
            Map<String, Operation> any = implemented().isEmpty() ? all() : implemented();
            Binding binding = any.values().iterator().next().binding();
            String identifier = binding.info().operationIdentifier();
            WireProtocol protocol = protocol(binding.factory(), identifier != null);
            String target = protocol == WireProtocol.JSON && identifier != null
                    ? identifier.substring(0, identifier.lastIndexOf('.'))
                    : null;
            String version = binding.info().apiVersion();
            known = new Shape(protocol, version == null ? "" : version, target);
            shape = known;
        }
        return known;
    }

    private WireProtocol protocol(String factory, boolean named) {
        if (factory.contains("Query")) {
            return signingName.equals("ec2") ? WireProtocol.EC2 : WireProtocol.QUERY;
        }
        if (factory.contains("Xml")) {
            return WireProtocol.REST_XML;
        }
        return named ? WireProtocol.JSON : WireProtocol.REST_JSON;
    }
}
