package dev.holdfast.twin.wire;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.protocols.core.OperationInfo;

/**
 * The binding of one operation to HTTP.
 *
 * <p>Depends on internals of SDK 2.40.2: each generated {@code *RequestMarshaller} has a private static {@code
 * SDK_OPERATION_BINDING} (method, path, wire name) and a field {@code protocolFactory} whose type tells the protocol.
 * The round trip test fails if another version of the SDK moves them.
 *
 * @param path the template's segments: literal, {@code {Label}} or, at the end, {@code {Label+}}
 * @param literals query parameters that belong to the path: {@code ?tagging}
 * @param needed required members outside path and body; they distinguish CopyObject from PutObject
 * @param anyQuery whether a member takes all query parameters
 */
record Binding(
        OperationInfo info,
        String factory,
        List<String> path,
        Map<String, String> literals,
        List<SdkField<?>> needed,
        Set<String> queryNames,
        boolean anyQuery) {

    static Binding of(Class<?> request, SdkPojo builder) {
        try {
            Class<?> marshaller = marshaller(request);
            Field constant = marshaller.getDeclaredField("SDK_OPERATION_BINDING");
            constant.setAccessible(true);
            OperationInfo info = (OperationInfo) constant.get(null);
            String factory =
                    marshaller.getDeclaredField("protocolFactory").getType().getSimpleName();
            return of(info, factory, builder.sdkFields());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not the SDK that this was written for", e);
        }
    }

    private static Class<?> marshaller(Class<?> request) throws ClassNotFoundException {
        String model = request.getPackageName();
        String transform = model.substring(0, model.length() - "model".length()) + "transform.";
        return Class.forName(transform + request.getSimpleName() + "Marshaller");
    }

    private static Binding of(OperationInfo info, String factory, List<SdkField<?>> fields) {
        String uri = info.requestUri();
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        // The SDK's endpoint rules put an S3 bucket into host or path later. Therefore the path templates lack the
        // bucket.
        boolean bucket = fields.stream()
                .anyMatch(f -> f.location() == MarshallLocation.PATH && !path.contains("{" + f.locationName() + "}"));
        Map<String, String> literals = new LinkedHashMap<>();
        try {
            WireRequest.parameters(question < 0 ? "" : uri.substring(question + 1), literals::putIfAbsent);
        } catch (WireException e) {
            throw new IllegalStateException(e);
        }
        return new Binding(
                info,
                factory,
                WireRequest.segments(bucket ? "/{Bucket}" + (path.equals("/") ? "" : path) : path),
                literals,
                fields.stream()
                        .filter(f -> f.containsTrait(RequiredTrait.class)
                                && (at(f, MarshallLocation.QUERY_PARAM) || at(f, MarshallLocation.HEADER)))
                        .toList(),
                fields.stream()
                        .filter(f -> at(f, MarshallLocation.QUERY_PARAM))
                        .map(SdkField::locationName)
                        .collect(Collectors.toSet()),
                fields.stream()
                        .anyMatch(f -> at(f, MarshallLocation.QUERY_PARAM)
                                && f.marshallingType().equals(MarshallingType.MAP)));
    }

    private static boolean at(SdkField<?> field, MarshallLocation location) {
        return field.location() == location;
    }

    /** The operation's name as JSON and query protocols send it; null for REST. */
    @Nullable
    String wireName() {
        String identifier = info.operationIdentifier();
        return identifier == null ? null : identifier.substring(identifier.lastIndexOf('.') + 1);
    }

    /** How closely a request matches; negative if it does not. */
    int score(WireRequest request) {
        if (!info.httpMethod().name().equals(request.method())) {
            return -1;
        }
        int path = pathScore(request.segments());
        if (path < 0) {
            return -1;
        }
        int score = path;
        for (Map.Entry<String, String> literal : literals.entrySet()) {
            String value = request.queryValue(literal.getKey());
            if (value == null || (!literal.getValue().isEmpty() && !value.equals(literal.getValue()))) {
                return -1;
            }
            score += 10;
        }
        for (SdkField<?> field : needed) {
            String value = at(field, MarshallLocation.HEADER)
                    ? request.header(field.locationName())
                    : request.queryValue(field.locationName());
            if (value == null) {
                return -1;
            }
            score += 10;
        }
        return anyQuery || knowsAll(request.query().keySet()) ? score : -1;
    }

    /** A subresource that this SDK does not know, such as {@code PUT /b/k?encryption}, must not count as PutObject. */
    private boolean knowsAll(Set<String> parameters) {
        return parameters.stream()
                .allMatch(k -> literals.containsKey(k)
                        || queryNames.contains(k)
                        || k.equals("x-id")
                        || k.startsWith("X-Amz-"));
    }

    private int pathScore(List<String> segments) {
        int n = path.size();
        boolean greedy = n > 0 && path.getLast().endsWith("+}");
        if (!fits(segments, n, greedy)) {
            return -1;
        }
        int score = 0;
        for (int i = 0; i < n; i++) {
            String part = path.get(i);
            if (!part.startsWith("{")) {
                if (!part.equals(segments.get(i))) {
                    return -1;
                }
                score += 1000;
            } else if (segments.get(i).isEmpty() && !(greedy && i == n - 1 && segments.size() > n)) {
                return -1; // an S3 key may begin with a slash; no other label may be empty
            }
        }
        return score;
    }

    private static boolean fits(List<String> segments, int n, boolean greedy) {
        int given = segments.size();
        if (greedy) {
            return given > n || (given == n && !segments.getLast().isEmpty());
        }
        return given == n || (given == n + 1 && segments.getLast().isEmpty());
    }
}
