package dev.holdfast.twin.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;

/** Writes XML in the form that the SDK and botocore can parse. */
final class XmlWriter {
    private final StringBuilder out = new StringBuilder();

    XmlWriter element(String name, Consumer<XmlWriter> content) {
        open(name);
        content.accept(this);
        return close(name);
    }

    /** @param namespace null if there is none */
    XmlWriter root(String name, @Nullable String namespace, Consumer<XmlWriter> content) {
        out.append('<').append(name);
        if (namespace != null) {
            out.append(" xmlns=\"").append(namespace).append('"');
        }
        out.append('>');
        content.accept(this);
        return close(name);
    }

    XmlWriter text(String name, @Nullable String text) {
        open(name);
        escape(text == null ? "" : text);
        return close(name);
    }

    XmlWriter raw(String text) {
        escape(text);
        return this;
    }

    void members(SdkPojo of, List<SdkField<?>> fields) {
        for (SdkField<?> field : fields) {
            if (!field.containsTrait(XmlAttributeTrait.class)) {
                write(field, field.unmarshallLocationName(), Members.value(field, of));
            }
        }
    }

    private void write(SdkField<?> field, String name, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case List<?> list -> list(field.getTrait(ListTrait.class), name, list);
            case Map<?, ?> map -> map(field.getTrait(MapTrait.class), name, map);
            case SdkPojo pojo -> {
                out.append('<').append(name);
                field.getOptionalTrait(XmlAttributesTrait.class)
                        .ifPresent(trait -> trait.attributes()
                                .forEach((attribute, getter) -> attribute(
                                        attribute, getter.attributeGetter().apply(pojo))));
                out.append('>');
                members(pojo, pojo.sdkFields());
                close(name);
            }
            default -> text(name, Scalars.format(field, value, MarshallLocation.PAYLOAD));
        }
    }

    private void list(ListTrait trait, String name, List<?> list) {
        SdkField<?> member = trait.memberFieldInfo();
        if (trait.isFlattened()) {
            list.forEach(item -> write(member, name, item));
            return;
        }
        String element = trait.memberLocationName() == null ? "member" : trait.memberLocationName();
        open(name);
        list.forEach(item -> write(member, element, item));
        close(name);
    }

    private void map(MapTrait trait, String name, Map<?, ?> map) {
        String element = trait.isFlattened() ? name : "entry";
        if (!trait.isFlattened()) {
            open(name);
        }
        map.forEach((key, value) -> {
            open(element);
            text(trait.keyLocationName(), String.valueOf(key));
            write(trait.valueFieldInfo(), trait.valueLocationName(), value);
            close(element);
        });
        if (!trait.isFlattened()) {
            close(name);
        }
    }

    private void attribute(String name, @Nullable Object value) {
        if (value != null) {
            out.append(' ').append(name).append("=\"");
            escape(value.toString());
            out.append('"');
        }
    }

    private void open(String name) {
        out.append('<').append(name).append('>');
    }

    private XmlWriter close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#xD;"); // a parser would convert it to a line feed
                default -> out.append(c);
            }
        }
    }

    byte[] bytes() {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out).getBytes(StandardCharsets.UTF_8);
    }
}
