package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.services.ec2.model.IpPermission;

/**
 * EC2's elements in a record, in two forms. The oldest operations use the names of their former SOAP messages, and
 * write lists as {@code {"items": [...]}}. Later operations put their elements into {@code CreateNatGatewayRequest} and
 * {@code CreateNatGatewayResponse} and use the names on the wire. There, a list with one element is written without a
 * list.
 */
final class Ec2Elements {
    private static final Pattern LATER = Pattern.compile(".*(NatGateway|VpcEndpoint|EgressOnlyInternetGateway"
            + "|VpcCidrBlock|SubnetCidrBlock|SecurityGroupRules|SecurityGroupRuleDescriptions|SecurityGroupVpc).*");
    private static final Map<String, String> OLD_NAMES = Map.of(
            "Resources", "resourcesSet",
            "Tags", "tagSet",
            "TagSpecifications", "tagSpecificationSet",
            "SecurityGroupRuleIds", "securityGroupRuleIds");
    /** The name of each element in a list of texts. */
    private static final Map<String, String> ELEMENTS =
            Map.of("Resources", "resourceId", "SecurityGroupRuleIds", "securityGroupRuleId");

    private Ec2Elements() {}

    static ObjectNode request(String operation, SdkPojo input) {
        if (!LATER.matcher(operation).matches()) {
            return old(input, true);
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.set(operation + "Request", later(input, SdkField::locationName, true));
        return whole;
    }

    static ObjectNode response(String operation, SdkPojo output, String requestId) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        if (LATER.matcher(operation).matches()) {
            ObjectNode inner = later(output, SdkField::unmarshallLocationName, false);
            inner.put("xmlns", "http://ec2.amazonaws.com/doc/2016-11-15/").put("requestId", requestId);
            whole.set(operation + "Response", inner);
            return whole;
        }
        whole.put("requestId", requestId);
        whole.setAll(old(output, false));
        if (output.sdkFields().isEmpty()) {
            whole.put("_return", true);
        }
        return whole;
    }

    private static ObjectNode old(SdkPojo shape, boolean request) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = CallElements.value(field, shape);
            String name = request
                    ? OLD_NAMES.getOrDefault(field.memberName(), CallElements.lowered(field.locationName()))
                    : field.unmarshallLocationName().replace("return", "_return");
            if (value instanceof Collection<?> all) {
                node.set(name, items(field, all, request));
            } else if (value instanceof SdkPojo inner) {
                node.set(name, old(inner, request));
            } else if (value != null) {
                node.set(name, CallElements.json(value));
            } else if (field.marshallingType().equals(MarshallingType.LIST) && shape instanceof IpPermission) {
                node.putObject(name);
            }
        }
        return node;
    }

    private static JsonNode items(SdkField<?> field, Collection<?> all, boolean request) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (Object one : all) {
            if (one instanceof SdkPojo inner) {
                items.add(old(inner, request));
            } else {
                String name = ELEMENTS.getOrDefault(field.memberName(), "item");
                items.addObject().set(name, CallElements.json(one));
            }
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        return all.isEmpty() ? list : list.set("items", items);
    }

    /** The name of a field in a request or in a response. */
    @FunctionalInterface
    private interface Naming {
        String of(SdkField<?> field);
    }

    private static ObjectNode later(SdkPojo shape, Naming naming, boolean request) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = CallElements.value(field, shape);
            String name = naming.of(field);
            if (value instanceof Collection<?> all) {
                JsonNode list = list(all, naming, request);
                if (request) {
                    node.set(name, list);
                } else {
                    node.putObject(name).set("item", list);
                }
            } else if (value != null) {
                node.set(name, one(value, naming, request));
            }
        }
        return node;
    }

    private static JsonNode list(Collection<?> all, Naming naming, boolean request) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        int place = 1;
        for (Object each : all) {
            JsonNode node = one(each, naming, request);
            if (request) {
                ObjectNode numbered = node instanceof ObjectNode object
                        ? object
                        : JsonNodeFactory.instance.objectNode().set("content", node);
                node = numbered.put("tag", place++);
            }
            list.add(node);
        }
        return list.size() == 1 ? list.get(0) : list;
    }

    private static JsonNode one(@Nullable Object value, Naming naming, boolean request) {
        return value instanceof SdkPojo inner ? later(inner, naming, request) : CallElements.json(value);
    }
}
