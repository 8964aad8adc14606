package dev.holdfast.twin.wire;

import dev.holdfast.twin.wire.Route.Matched;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;

/** Builds the SDK's request object from an HTTP request. It refuses members that this SDK does not know. */
public final class RequestReader {
    private static final Set<String> OF_EVERY_FORM = Set.of("Action", "Version");

    private RequestReader() {}

    public static SdkPojo read(Matched route, WireRequest request) throws WireException {
        SdkPojo builder = route.target().builder();
        return switch (route.protocol()) {
            case CBOR -> TreeCodec.read(builder, CborReader.object(request.body()));
            case JSON -> TreeCodec.read(builder, Json.object(request.body()));
            case QUERY, EC2 ->
                FormReader.read(builder, Router.form(request.body(), request).without(OF_EVERY_FORM));
            case REST_JSON, REST_XML -> rest(route, request, builder);
        };
    }

    private static SdkPojo rest(Matched route, WireRequest request, SdkPojo builder) throws WireException {
        Map<String, String> labels = labels(route.target().binding().path(), request.segments());
        List<SdkField<?>> payload = new ArrayList<>();
        for (SdkField<?> field : builder.sdkFields()) {
            Object value = switch (field.location()) {
                case PATH, GREEDY_PATH -> one(field, labels.get(field.locationName()));
                case QUERY_PARAM -> query(field, request);
                case HEADER -> header(field, request);
                case PAYLOAD, STATUS_CODE -> {
                    payload.add(field);
                    yield null;
                }
            };
            if (value != null) {
                field.set(builder, value);
            }
        }
        payload(route, request, builder, payload);
        return Members.build(builder);
    }

    private static Map<String, String> labels(List<String> template, List<String> segments) throws WireException {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String part = template.get(i);
            if (part.endsWith("+}")) {
                String rest = String.join("/", segments.subList(i, segments.size()));
                labels.put(part.substring(1, part.length() - 2), WireRequest.decodeLabel(rest));
            } else if (part.startsWith("{")) {
                labels.put(part.substring(1, part.length() - 1), WireRequest.decodeLabel(segments.get(i)));
            }
        }
        return labels;
    }

    private static @Nullable Object one(SdkField<?> field, @Nullable String text) throws WireException {
        return text == null ? null : Scalars.parse(field, text, field.location());
    }

    private static @Nullable Object query(SdkField<?> field, WireRequest request) throws WireException {
        if (field.marshallingType().equals(MarshallingType.MAP)) {
            boolean lists = field.getTrait(MapTrait.class)
                    .valueFieldInfo()
                    .marshallingType()
                    .equals(MarshallingType.LIST);
            Map<String, Object> all = new LinkedHashMap<>();
            request.query().forEach((name, values) -> all.put(name, lists ? values : values.getFirst()));
            return all;
        }
        List<String> values = request.query().get(field.locationName());
        if (values == null) {
            return null;
        }
        return field.marshallingType().equals(MarshallingType.LIST)
                ? list(field, values)
                : one(field, values.getFirst());
    }

    private static @Nullable Object header(SdkField<?> field, WireRequest request) throws WireException {
        String name = field.locationName();
        if (field.marshallingType().equals(MarshallingType.MAP)) {
            Map<String, String> found = new LinkedHashMap<>();
            request.headers().forEach((header, values) -> {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith(name.toLowerCase(Locale.ROOT))) {
                    found.put(lower.substring(name.length()), values.getFirst());
                }
            });
            return found.isEmpty() ? null : found;
        }
        List<String> values = request.headers().get(name);
        if (values == null) {
            return null;
        }
        if (field.marshallingType().equals(MarshallingType.LIST)) {
            return list(field, Arrays.asList(String.join(",", values).split(",", -1)));
        }
        return one(field, values.getFirst());
    }

    private static List<Object> list(SdkField<?> field, List<String> values) throws WireException {
        SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
        List<Object> list = new ArrayList<>();
        for (String value : values) {
            String text = field.location() == MarshallLocation.HEADER ? value.trim() : value;
            list.add(Scalars.parse(member, text, field.location()));
        }
        return list;
    }

    private static void payload(Matched route, WireRequest request, SdkPojo builder, List<SdkField<?>> fields)
            throws WireException {
        boolean xml = route.protocol() == WireProtocol.REST_XML;
        byte[] body = request.body();
        SdkField<?> whole = whole(fields);
        if (whole != null) {
            if (body.length > 0 || whole.marshallingType().equals(MarshallingType.SDK_BYTES)) {
                whole.set(builder, wholeValue(whole, body, xml));
            }
        } else if (!fields.isEmpty()
                && body.length > 0
                && !route.target().binding().info().hasStreamingInput()) {
            if (xml) {
                XmlReader.fill(builder, fields, XmlReader.parse(body));
            } else {
                TreeCodec.fill(builder, fields, Json.object(body));
            }
        }
    }

    private static Object wholeValue(SdkField<?> field, byte[] body, boolean xml) throws WireException {
        MarshallingType<?> type = field.marshallingType();
        if (type.equals(MarshallingType.SDK_POJO)) {
            SdkPojo inner = field.constructor().get();
            return xml ? XmlReader.read(inner, XmlReader.parse(body)) : TreeCodec.read(inner, Json.object(body));
        }
        if (type.equals(MarshallingType.SDK_BYTES)) {
            return SdkBytes.fromByteArray(body);
        }
        return type.equals(MarshallingType.DOCUMENT)
                ? TreeCodec.document(Json.value(body))
                : new String(body, StandardCharsets.UTF_8);
    }

    /** The member that is the whole body; null if there is none. */
    static @Nullable SdkField<?> whole(List<SdkField<?>> payload) {
        for (SdkField<?> field : payload) {
            if (field.containsTrait(PayloadTrait.class)) {
                return field;
            }
        }
        return null;
    }
}
