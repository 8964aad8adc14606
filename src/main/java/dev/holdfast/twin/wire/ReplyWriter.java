package dev.holdfast.twin.wire;

import dev.holdfast.twin.wire.Outcome.Answered;
import dev.holdfast.twin.wire.Route.Matched;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/** Writes an answer in the protocol of the call. */
public final class ReplyWriter {
    private ReplyWriter() {}

    /** @param requestId goes into the body if the protocol requires it there */
    public static WireResponse write(Matched route, WireRequest request, Answered answer, String requestId) {
        SdkPojo out = answer.response();
        return switch (route.protocol()) {
            case CBOR -> cbor(200, TreeCodec.write(out, out.sdkFields(), true));
            case JSON ->
                WireResponse.of(
                        200,
                        Objects.requireNonNullElse(request.header("Content-Type"), "application/x-amz-json-1.1"),
                        Json.bytes(TreeCodec.write(out, out.sdkFields(), false)));
            case EC2, QUERY -> query(route, out, requestId);
            case REST_JSON, REST_XML -> rest(route, out, answer.content());
        };
    }

    static WireResponse cbor(int status, Map<String, @Nullable Object> tree) {
        WireResponse reply = WireResponse.of(status, "application/cbor", CborWriter.bytes(tree));
        reply.headers().put("smithy-protocol", "rpc-v2-cbor");
        return reply;
    }

    private static WireResponse query(Matched route, SdkPojo out, String requestId) {
        String name = route.target().name();
        String namespace = route.target().service().namespace();
        XmlWriter xml = new XmlWriter().root(name + "Response", namespace, x -> {
            if (route.protocol() == WireProtocol.EC2) {
                x.text("requestId", requestId).members(out, out.sdkFields());
            } else {
                x.element(name + "Result", r -> r.members(out, out.sdkFields()))
                        .element("ResponseMetadata", m -> m.text("RequestId", requestId));
            }
        });
        return WireResponse.of(200, "text/xml;charset=UTF-8", xml.bytes());
    }

    private static WireResponse rest(Matched route, SdkPojo out, byte @Nullable [] content) {
        Map<String, String> headers = WireResponse.noHeaders();
        List<SdkField<?>> payload = new ArrayList<>();
        int status = 200;
        for (SdkField<?> field : out.sdkFields()) {
            switch (field.location()) {
                case STATUS_CODE -> {
                    if (Members.value(field, out) instanceof Integer own) {
                        status = own;
                    }
                }
                case HEADER -> header(field, Members.value(field, out), headers);
                case PAYLOAD, PATH, GREEDY_PATH, QUERY_PARAM -> payload.add(field);
            }
        }
        if (content != null) {
            headers.putIfAbsent("Content-Type", "binary/octet-stream");
            return new WireResponse(status, headers, content);
        }
        SdkField<?> whole = RequestReader.whole(payload);
        byte[] body;
        String type;
        if (whole != null && !whole.marshallingType().equals(MarshallingType.SDK_POJO)) {
            body = bare(Members.value(whole, out));
            type = "application/octet-stream";
            if (route.target().name().equals("GetBucketLocation")) { // the only answer in AWS without a wrapper element
                type = "application/xml";
                body = location(route, new String(body, StandardCharsets.UTF_8));
            }
        } else if (route.protocol() == WireProtocol.REST_XML) {
            type = "application/xml";
            body = xml(route, out, whole, payload);
        } else {
            type = "application/json";
            SdkPojo root = whole == null ? out : (SdkPojo) Members.value(whole, out);
            body = Json.bytes(
                    root == null ? Map.of() : TreeCodec.write(root, whole == null ? payload : root.sdkFields(), false));
        }
        if (body.length > 0) {
            headers.putIfAbsent("Content-Type", type);
        }
        return new WireResponse(status, headers, body);
    }

    private static void header(SdkField<?> field, @Nullable Object value, Map<String, String> headers) {
        String name = field.locationName();
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((k, v) -> headers.put(name + k, String.valueOf(v)));
            case List<?> list -> {
                SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
                if (!list.isEmpty()) {
                    headers.put(
                            name,
                            list.stream()
                                    .map(v -> Scalars.format(member, v, MarshallLocation.HEADER))
                                    .collect(Collectors.joining(",")));
                }
            }
            default -> headers.put(name, Scalars.format(field, value, MarshallLocation.HEADER));
        }
    }

    private static byte[] bare(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[0];
            case SdkBytes bytes -> bytes.asByteArray();
            case Document document -> {
                Object plain = TreeCodec.plain(document);
                yield plain == null ? new byte[0] : Json.bytes(plain);
            }
            default -> value.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] location(Matched route, String region) {
        return new XmlWriter()
                .root("LocationConstraint", route.target().service().namespace(), x -> x.raw(region))
                .bytes();
    }

    private static byte[] xml(Matched route, SdkPojo out, @Nullable SdkField<?> whole, List<SdkField<?>> payload) {
        SdkPojo root = whole == null ? out : (SdkPojo) Members.value(whole, out);
        if (root == null || (whole == null && payload.isEmpty())) {
            return new byte[0];
        }
        String name = whole == null ? route.target().name() + "Result" : whole.unmarshallLocationName();
        List<SdkField<?>> fields = whole == null ? payload : root.sdkFields();
        return new XmlWriter()
                .root(name, route.target().service().namespace(), x -> x.members(root, fields))
                .bytes();
    }
}
