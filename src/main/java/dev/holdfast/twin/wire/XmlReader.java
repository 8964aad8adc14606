package dev.holdfast.twin.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;

/** Reads the XML bodies of requests. */
final class XmlReader {
    private static final DocumentBuilderFactory FACTORY = factory();

    private XmlReader() {}

    static Element parse(byte[] body) throws WireException {
        try {
            DocumentBuilder builder;
            synchronized (FACTORY) { // the factory is not documented as thread-safe
                builder = FACTORY.newDocumentBuilder();
            }
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(body)).getDocumentElement();
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new WireException("not XML: " + e.getMessage(), e);
        }
    }

    static SdkPojo read(SdkPojo builder, Element element) throws WireException {
        fill(builder, builder.sdkFields(), element);
        return Members.build(builder);
    }

    static void fill(SdkPojo builder, List<SdkField<?>> fields, Element element) throws WireException {
        for (SdkField<?> field : fields) {
            if (field.containsTrait(XmlAttributeTrait.class)) {
                if (element.hasAttribute(field.locationName())) {
                    field.set(builder, element.getAttribute(field.locationName()));
                }
                continue;
            }
            List<Element> found = children(element, field.unmarshallLocationName());
            if (found.isEmpty()) {
                found = children(element, field.locationName());
            }
            if (!found.isEmpty()) {
                field.set(builder, value(field, found));
            }
        }
        for (Element child : children(element, null)) {
            String name = localName(child);
            if (fields.stream()
                    .noneMatch(f -> f.unmarshallLocationName().equals(name)
                            || f.locationName().equals(name))) {
                throw Members.unknown(builder, name);
            }
        }
    }

    private static Object value(SdkField<?> field, List<Element> elements) throws WireException {
        MarshallingType<?> type = field.marshallingType();
        Element first = elements.getFirst();
        if (type.equals(MarshallingType.SDK_POJO)) {
            return read(field.constructor().get(), first);
        }
        if (type.equals(MarshallingType.LIST)) {
            ListTrait trait = field.getTrait(ListTrait.class);
            List<Object> list = new ArrayList<>();
            for (Element item : trait.isFlattened() ? elements : children(first, null)) {
                list.add(value(trait.memberFieldInfo(), List.of(item)));
            }
            return list;
        }
        if (type.equals(MarshallingType.MAP)) {
            MapTrait trait = field.getTrait(MapTrait.class);
            return map(trait, trait.isFlattened() ? elements : children(first, "entry"));
        }
        return Scalars.parse(field, first.getTextContent(), MarshallLocation.PAYLOAD);
    }

    private static Map<String, Object> map(MapTrait trait, List<Element> entries) throws WireException {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Element entry : entries) {
            List<Element> key = children(entry, trait.keyLocationName());
            List<Element> value = children(entry, trait.valueLocationName());
            if (key.isEmpty() || value.isEmpty()) {
                throw new WireException("a map's entry lacks its key or its value");
            }
            map.put(key.getFirst().getTextContent(), value(trait.valueFieldInfo(), value));
        }
        return map;
    }

    /** @param name null selects all */
    private static List<Element> children(Element of, @Nullable String name) {
        List<Element> children = new ArrayList<>();
        for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e && (name == null || localName(e).equals(name))) {
                children.add(e);
            }
        }
        return children;
    }

    private static String localName(Element element) {
        String name = element.getTagName();
        return name.substring(name.indexOf(':') + 1);
    }

    private static DocumentBuilderFactory factory() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        try {
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        return factory;
    }
}
