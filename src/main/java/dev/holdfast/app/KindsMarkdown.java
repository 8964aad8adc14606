package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.composites.CompositeInfo;
import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Band;
import dev.holdfast.kind.DeclaredKeys;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Floor;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unique;
import dev.holdfast.kind.VersionPrefix;
import dev.holdfast.kind.WriteOnly;
import dev.holdfast.kind.YieldsTo;
import dev.holdfast.kind.wire.Texts;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The catalogue of kinds as a page: every field with its meaning, its type and how it behaves. */
final class KindsMarkdown {

    /** What stands in the column of flags, by annotation. */
    private static final Map<Class<? extends Annotation>, String> FLAGS = flags();

    private final StringBuilder page = new StringBuilder();

    private KindsMarkdown() {}

    private static Map<Class<? extends Annotation>, String> flags() {
        Map<Class<? extends Annotation>, String> flags = new LinkedHashMap<>();
        flags.put(Required.class, "required");
        flags.put(Immutable.class, "immutable");
        flags.put(InitialOnly.class, "initial only");
        flags.put(WriteOnly.class, "write-only");
        flags.put(Sensitive.class, "sensitive");
        flags.put(Environment.class, "masked when it drifts");
        flags.put(Unique.class, "unique");
        flags.put(RollsOut.class, "rolls out");
        flags.put(Floor.class, "floor");
        flags.put(Band.class, "band");
        flags.put(YieldsTo.class, "yields");
        flags.put(VersionPrefix.class, "version prefix");
        flags.put(DeclaredKeys.class, "declared keys only");
        flags.put(Slow.class, "slow");
        return flags;
    }

    static String of(KindCatalog catalog) {
        KindsMarkdown markdown = new KindsMarkdown();
        markdown.head(catalog);
        Composites.ALL.all().values().forEach(composite -> markdown.composite(composite.info()));
        catalog.all().values().forEach(kind -> markdown.kind(kind.info()));
        return markdown.page.toString();
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private void head(KindCatalog catalog) {
        line("# Kinds");
        line("");
        line("Made by `holdfast kinds --markdown`; a test fails when it is out of date.");
        line("");
        line("A field that a document leaves out is not owned: AWS or somebody else decides, and it is never compared."
                + " `[]` and `{}` are owned and empty.");
        line("");
        line("| flag | meaning |");
        line("|---|---|");
        row("required", "has to be there");
        row("immutable", "a change means replacement");
        row("initial only", "sent when the resource is made, then somebody else's");
        row("write-only", "never read back: what was applied is remembered as a keyed hash");
        row("sensitive", "never printed, stored or logged");
        row(
                "masked when it drifts",
                "an observed value that differs is not shown, unless the stack sets `showEnvironment`");
        row("unique", "no two resources may have it in common");
        row("rolls out", "a change starts a deployment");
        row("floor", "drift only when the observed number is below");
        row("band", "drift only outside the bounds that another kind sets");
        row("yields", "written when the document changes; where a scheduled action moves it, that is no drift");
        row("version prefix", "`15` is satisfied by 15.7");
        row("declared keys only", "keys that the document does not name are left alone");
        row("slow", "AWS gives it one by one: read round robin, at most 10 minutes old");
        line("");
        line(Composites.ALL.namesWith(catalog.all().keySet()).stream()
                .map(name -> "[" + name + "](#" + name.toLowerCase(java.util.Locale.ROOT) + ")")
                .collect(Collectors.joining(" · ")));
    }

    private void row(String... cells) {
        line("| " + Arrays.stream(cells).map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ")) + " |");
    }

    private void kind(KindInfo<?> info) {
        line("");
        line("## " + info.name());
        line("");
        line(info.description() + " [AWS's page](" + info.page() + ").");
        line("");
        line(traits(info));
        line("");
        line("| output | meaning |");
        line("|---|---|");
        info.outputs()
                .forEach((name, meaning) ->
                        row("`" + name + "`" + (name.equals(info.defaultOutput()) ? " (default)" : ""), meaning));
        line("");
        line("| field | type | flags | meaning |");
        line("|---|---|---|---|");
        fields(info.spec(), "", List.of());
        if (!info.notOffered().isEmpty()) {
            line("");
            line("Left out of AWS's request:");
            line("");
            info.notOffered().forEach((members, why) -> line("- `" + members + "`: " + why));
        }
    }

    private void composite(CompositeInfo<?> info) {
        line("");
        line("## " + info.name());
        line("");
        line(info.description() + " A composite: `holdfast render` shows what it expands to.");
        line("");
        line("| output | meaning |");
        line("|---|---|");
        info.outputs()
                .forEach((name, meaning) ->
                        row("`" + name + "`" + (name.equals(info.defaultOutput()) ? " (default)" : ""), meaning));
        line("");
        line("| field | type | flags | meaning |");
        line("|---|---|---|---|");
        fields(info.spec(), "", List.of());
    }

    private static String traits(KindInfo<?> info) {
        List<String> traits = new ArrayList<>();
        traits.add(ownership(info.ownership()));
        if (info.stateful()) {
            traits.add(
                    info.recreate()
                            ? "Stateful: kept when its document goes; recreated, with an alert, when it vanishes."
                            : "Stateful: kept when its document goes, replaced or recreated only with approval.");
        }
        if (info.versioned()) {
            traits.add("A change registers a new version; the last " + info.keepVersions() + " are kept.");
        }
        if (info.global()) {
            traits.add("One for all regions.");
        }
        return String.join(" ", traits);
    }

    private static String ownership(OwnershipForm form) {
        return switch (form) {
            case TAG -> "Known to be ours by its tags.";
            case PARENT -> "Ours if what it belongs to is.";
            case MARKER -> "Known to be ours by a mark in its description.";
            case RECORD -> "Known to be ours only by the state: never pruned without it.";
        };
    }

    private void fields(Class<?> type, String prefix, List<Class<?>> within) {
        for (Field field : SpecModel.of(type).fields()) {
            String path = prefix + field.name();
            Doc doc = field.get(Doc.class);
            row("`" + path + "`", type(field), flags(field), doc == null ? "" : doc.value());
            Class<?> inner = inner(field);
            if (inner != null && !within.contains(inner)) {
                List<Class<?>> deeper = new ArrayList<>(within);
                deeper.add(inner);
                fields(inner, path + (field.isCollection() ? "[]." : field.isMap() ? ".*." : "."), deeper);
            }
        }
    }

    private static @Nullable Class<?> inner(Field field) {
        Class<?> type = field.isCollection() || field.isMap() ? field.element() : field.raw();
        return type.isRecord() ? type : null;
    }

    private static String type(Field field) {
        Offers offers = field.get(Offers.class);
        if (offers != null) {
            return (field.isCollection() ? "set of " : "") + choice(Stream.of(offers.value()));
        }
        if (field.has(PolicyDocument.class)) {
            return "policy document";
        }
        if (field.has(TagMap.class)) {
            return "tags";
        }
        if (field.isMap()) {
            return "map of " + single(field.element());
        }
        if (field.isCollection()) {
            return (field.ordered() ? "list of " : "set of ") + single(field.element());
        }
        return single(field.raw());
    }

    private static String choice(Stream<String> values) {
        return values.map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }

    private static String single(Class<?> type) {
        if (type.isEnum()) {
            return choice(Texts.offered(type).stream().map(c -> Specs.json(c).asText()));
        }
        if (type.isRecord()) {
            return "object";
        }
        if (type == String.class) {
            return "text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "yes or no";
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            return "JSON";
        }
        return Number.class.isAssignableFrom(type) || type.isPrimitive() ? "number" : type.getSimpleName();
    }

    private static String flags(Field field) {
        List<String> flags = FLAGS.entrySet().stream()
                .filter(f -> field.has(f.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toCollection(ArrayList::new));
        Ref ref = field.get(Ref.class);
        if (ref != null) {
            flags.add("refers to " + String.join(", ", ref.value())
                    + (ref.output().isEmpty() ? "" : "." + ref.output()));
        }
        PhysicalName name = field.get(PhysicalName.class);
        if (name != null) {
            flags.add("its name in AWS, generated if absent, at most " + name.max() + " characters");
        }
        Range range = field.get(Range.class);
        if (range != null) {
            flags.add(range.min() + " to " + range.max());
        }
        return String.join("; ", flags);
    }
}
