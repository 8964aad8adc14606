package dev.holdfast.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TraitType;

/**
 * Compares the elements of an answer with the members of the SDK's shape for it.
 *
 * @param paths the paths of the elements without a member in the shape, such as {@code
 *     DistributionConfig/CacheTagConfig}
 */
record UnknownMembers(Set<String> paths) {
    /** @param body the XML answer of a REST service */
    void add(SdkPojo response, byte[] body) {
        Element root = parse(body);
        SdkPojo shape = response.sdkFields().stream()
                .filter(field -> field.containsTrait(PayloadTrait.class, TraitType.PAYLOAD_TRAIT)
                        && field.marshallingType() == MarshallingType.SDK_POJO)
                .findFirst()
                .map(field -> field.constructor().get())
                .orElse(response);
        structure(root, shape, root.getTagName());
    }

    private static Element parse(byte[] body) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(body))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("an answer that the SDK has read is no XML", e);
        }
    }

    private void structure(Element element, SdkPojo shape, String path) {
        Map<String, SdkField<?>> members = shape.sdkFields().stream()
                .collect(Collectors.toMap(SdkField::unmarshallLocationName, Function.identity(), (a, b) -> a));
        for (Element child : children(element)) {
            SdkField<?> member = members.get(child.getTagName());
            String at = path + "/" + child.getTagName();
            if (member == null) {
                paths.add(at);
            } else {
                value(child, member, at);
            }
        }
    }

    private void value(Element element, SdkField<?> member, String path) {
        if (member.marshallingType() == MarshallingType.SDK_POJO) {
            structure(element, member.constructor().get(), path);
        } else if (member.marshallingType() == MarshallingType.LIST) {
            ListTrait list = member.getTrait(ListTrait.class, TraitType.LIST_TRAIT);
            if (list.isFlattened()) {
                value(element, list.memberFieldInfo(), path);
            } else {
                children(element).forEach(one -> value(one, list.memberFieldInfo(), path + "/" + one.getTagName()));
            }
        }
    }

    private static Iterable<Element> children(Element element) {
        NodeList nodes = element.getChildNodes();
        return java.util.stream.IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeType() == Node.ELEMENT_NODE)
                .map(Element.class::cast)
                .toList();
    }
}
