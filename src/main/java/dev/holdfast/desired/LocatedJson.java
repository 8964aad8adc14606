package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in which every value knows its location in a file, also after patches and substitution. Immutable.
 *
 * <p>Jackson's own nodes cannot carry a location, because small numbers, booleans and nulls are shared instances.
 */
sealed interface LocatedJson {
    SourceLocation location();

    /** An empty object. */
    static Obj nothing(SourceLocation location) {
        return new Obj(location, new LinkedHashMap<>());
    }

    /** The value if it is a text, else null. */
    default @Nullable String text() {
        return null;
    }

    /** @param key the location of the member's name */
    record Member(SourceLocation key, LocatedJson value) {}

    /** @param removed the members that are null and therefore absent, each with the location of its name */
    record Obj(SourceLocation location, SequencedMap<String, Member> members, Map<String, SourceLocation> removed)
            implements LocatedJson {
        public Obj {
            members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
            removed = Map.copyOf(removed);
        }

        Obj(SourceLocation location, SequencedMap<String, Member> members) {
            this(location, members, Map.of());
        }

        @Nullable
        LocatedJson get(String name) {
            Member member = members.get(name);
            return member == null ? null : member.value();
        }

        /** The member if it is a text, else null. */
        @Nullable
        String text(String name) {
            LocatedJson value = get(name);
            return value == null ? null : value.text();
        }

        /** The member if it is an object, else null. */
        @Nullable
        Obj object(String name) {
            return get(name) instanceof Obj o ? o : null;
        }

        /** The member of the document's metadata; null if the document has no such member. */
        @Nullable
        LocatedJson metadata(String name) {
            Obj metadata = object("metadata");
            return metadata == null ? null : metadata.get(name);
        }

        /** The member of the document's metadata if it is a text, else null. */
        @Nullable
        String metadataText(String name) {
            LocatedJson value = metadata(name);
            return value == null ? null : value.text();
        }

        Obj with(String name, LocatedJson value) {
            SequencedMap<String, Member> changed = new LinkedHashMap<>(members);
            Member old = members.get(name);
            changed.put(name, new Member(old == null ? value.location() : old.key(), value));
            return new Obj(location, changed, removed);
        }

        /** The object with its removed nulls restored at any depth, for a merge in which nulls count. */
        Obj withNulls() {
            SequencedMap<String, Member> all = new LinkedHashMap<>();
            members.forEach(
                    (name, m) -> all.put(name, m.value() instanceof Obj o ? new Member(m.key(), o.withNulls()) : m));
            removed.forEach((name, key) ->
                    all.putIfAbsent(name, new Member(key, new Value(key, NullNode.getInstance()))));
            return new Obj(location, all);
        }

        Obj without(String name) {
            SequencedMap<String, Member> changed = new LinkedHashMap<>(members);
            changed.remove(name);
            return new Obj(location, changed, removed);
        }
    }

    record Arr(SourceLocation location, List<LocatedJson> elements) implements LocatedJson {
        public Arr {
            elements = List.copyOf(elements);
        }
    }

    /** A text, number, boolean or null. */
    record Value(SourceLocation location, JsonNode json) implements LocatedJson {
        @Override
        public @Nullable String text() {
            return json.isTextual() ? json.textValue() : null;
        }
    }

    default boolean isNull() {
        return this instanceof Value v && v.json().isNull();
    }

    default JsonNode toJson() {
        return switch (this) {
            case Value v -> v.json();
            case Arr a -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                a.elements().forEach(e -> array.add(e.toJson()));
                yield array;
            }
            case Obj o -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                o.members()
                        .forEach((name, member) ->
                                object.set(name, member.value().toJson()));
                yield object;
            }
        };
    }

    /** The same value with this location, at any depth. */
    default LocatedJson at(SourceLocation where) {
        return switch (this) {
            case Value v -> new Value(where, v.json());
            case Arr a ->
                new Arr(where, a.elements().stream().map(e -> e.at(where)).toList());
            case Obj o -> {
                SequencedMap<String, Member> members = new LinkedHashMap<>();
                o.members()
                        .forEach((name, m) ->
                                members.put(name, new Member(where, m.value().at(where))));
                yield new Obj(where, members);
            }
        };
    }

    /**
     * The value without members that are null, at any depth: null means absent. Nulls in lists remain and are refused
     * later.
     */
    default LocatedJson withoutNulls() {
        return switch (this) {
            case Value v -> v;
            case Arr a -> {
                List<LocatedJson> elements = new ArrayList<>();
                a.elements().forEach(e -> elements.add(e.withoutNulls()));
                yield new Arr(a.location(), elements);
            }
            case Obj o -> {
                SequencedMap<String, Member> members = new LinkedHashMap<>();
                Map<String, SourceLocation> removed = new LinkedHashMap<>(o.removed());
                o.members().forEach((name, m) -> {
                    if (m.value().isNull()) {
                        removed.put(name, m.key());
                    } else {
                        members.put(name, new Member(m.key(), m.value().withoutNulls()));
                    }
                });
                yield new Obj(o.location(), members, removed);
            }
        };
    }

    /**
     * The value with a merge patch applied (<a href="https://www.rfc-editor.org/rfc/rfc7386">RFC 7386</a>). The values
     * of the patch keep their own locations.
     */
    default LocatedJson merge(LocatedJson patch) {
        if (!(patch instanceof Obj changes)) {
            return patch;
        }
        Obj base = this instanceof Obj o ? o : new Obj(patch.location(), new LinkedHashMap<>());
        SequencedMap<String, Member> members = new LinkedHashMap<>(base.members());
        Map<String, SourceLocation> removed = new LinkedHashMap<>(base.removed());
        changes.members().forEach((name, change) -> {
            if (change.value().isNull()) {
                members.remove(name);
                removed.put(name, change.key());
                return;
            }
            Member old = members.get(name);
            LocatedJson target = old == null ? new Value(change.key(), NullNode.getInstance()) : old.value();
            boolean inside = target instanceof Obj && change.value() instanceof Obj;
            members.put(
                    name, new Member(old != null && inside ? old.key() : change.key(), target.merge(change.value())));
        });
        return new Obj(base.location(), members, removed);
    }
}
