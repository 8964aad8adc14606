package dev.holdfast.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.composites.Composites;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Required;
import dev.holdfast.model.DesiredComposite;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a revision: one JSON object, keys sorted, no white space, UTF-8. Its SHA-256 is the revision's name, so {@code sha256sum} of the object tells whether it is whole.
 *
 * <p>Text in it is text of the language of documents: references stand, <code>$${</code> is escaped.
 */
public final class Revisions {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String KIND = "Revision";
    private static final Shape SHAPE = Shape.of(Document.class);

    private final KindCatalog catalog;

    public Revisions(KindCatalog catalog) {
        this.catalog = catalog;
    }

    record Document(
            @Doc("The version of the documents' language.") @Required
            Documents.@Nullable ApiVersion apiVersion,

            @Doc("Always Revision.") @Required @Nullable String kind,

            @Doc("The stack's settings.") @Required @Nullable
            Stack stack,

            @Doc("The resources, in the order of their names.") @Required @Nullable
            List<JsonNode> resources,

            @Doc("The composites that resources came from.") @Nullable
            Map<String, String> owners,

            @Doc("What the composites said, for the status: secrets are hidden, and nothing is made of it.") @Nullable
            Map<String, JsonNode> composites) {}

    record Stack(
            @Doc("Its name.") @Required @Nullable String name,

            @Doc("Its settings, params put in.") @Required @Nullable
            JsonNode spec) {}

    /** A revision of these settings and resources, named by its content. */
    public static Revision of(StackSettings settings, Map<ResourceId, DesiredResource> resources) {
        return of(settings, resources, Map.of());
    }

    /** @param composites that resources came from */
    static Revision of(
            StackSettings settings,
            Map<ResourceId, DesiredResource> resources,
            Map<ResourceId, DesiredComposite> composites) {
        Revision unnamed = new Revision("", settings, resources, composites);
        return new Revision(sha256(write(unnamed)), settings, resources, composites);
    }

    /** The canonical form, without the revision's name: its hash is the name. */
    public static byte[] write(Revision revision) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("apiVersion", Documents.API_VERSION).put("kind", KIND);
        root.set("stack", stack(revision.settings()));
        ArrayNode resources = root.putArray("resources");
        ObjectNode owners = JsonNodeFactory.instance.objectNode();
        revision.resources().values().forEach(r -> {
            resources.add(resource(r));
            if (r.owner() != null) {
                owners.put(r.id().toString(), r.owner().toString());
            }
        });
        if (!owners.isEmpty()) {
            root.set("owners", owners);
        }
        if (!revision.composites().isEmpty()) {
            ObjectNode composites = root.putObject("composites");
            revision.composites().forEach((id, composite) -> {
                ObjectNode said = composites.putObject(id.toString());
                said.set("spec", composite.spec());
                said.putObject("outputs").setAll(composite.outputs());
            });
        }
        try {
            return MAPPER.writeValueAsBytes(sorted(root));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON is always written", e);
        }
    }

    /** Whether a field of it is declared secret and has a value: then it may lie nowhere but where the user put it. */
    public boolean holdsSecrets(Revision revision) {
        return revision.resources().values().stream()
                .anyMatch(r -> Shape.holdsSecret(
                        r.spec(), Shape.of(catalog.get(r.id().kind()).info().spec())));
    }

    /** 64 hex digits. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Reads what {@link #write} wrote and validates it as if it were new.
     *
     * @param name for the places of problems
     * @return Valid or Refused, its name being the content's hash
     */
    public Loaded read(String name, byte[] content) {
        String sha256 = sha256(content);
        List<Problem> problems = new ArrayList<>();
        List<Located> documents = LocatedReader.read(name, content, problems);
        if (documents.size() != 1 || !(documents.getFirst() instanceof Located.Obj root)) {
            problems.add(new Problem(name, 1, 1, "", "expected one revision", "publish it again"));
            return new Loaded.Refused(sha256, problems);
        }
        ShapeCheck.check(root, SHAPE, problems);
        if (!KIND.equals(root.text("kind"))
                || !(root.get("stack") instanceof Located.Obj stack)
                || !(stack.get("spec") instanceof Located.Obj spec)
                || !(root.get("resources") instanceof Located.Arr resources)) {
            problems.add(root.place().problem("expected a document of kind Revision", "publish it again"));
            return new Loaded.Refused(sha256, problems);
        }
        Substitution none = Substitution.of(null, Map.of(), problems);
        ShapeCheck.check(
                none.object(spec, Substitution.Holes.PARAMS), Shape.of(Documents.RevisionSpec.class), problems);
        Settings.check(spec, problems);
        Map<ResourceId, Draft> drafts = drafts(resources, root.get("owners"), none, problems);
        new GraphCheck(catalog, Composites.NONE, drafts, id -> false, problems).check(drafts.keySet());
        new StackChecks(drafts.values(), problems).check();
        if (!problems.isEmpty()) {
            return new Loaded.Refused(sha256, problems);
        }
        Map<ResourceId, DesiredResource> found = new TreeMap<>();
        drafts.forEach((id, draft) -> found.put(id, draft.resource()));
        return new Loaded.Valid(new Revision(
                sha256, Settings.of(Plain.text(stack, "name"), spec), found, composites(root.get("composites"))));
    }

    private static Map<ResourceId, DesiredComposite> composites(@Nullable Located said) {
        Map<ResourceId, DesiredComposite> all = new TreeMap<>();
        if (said instanceof Located.Obj composites) {
            composites.members().forEach((id, member) -> {
                if (id.matches(Form.RESOURCE_ID)
                        && member.value() instanceof Located.Obj composite
                        && composite.get("spec") instanceof Located.Obj spec
                        && composite.get("outputs") instanceof Located.Obj outputs) {
                    Map<String, JsonNode> values = new TreeMap<>();
                    outputs.members()
                            .forEach((name, value) ->
                                    values.put(name, value.value().toJson()));
                    all.put(ResourceId.parse(id), new DesiredComposite((ObjectNode) spec.toJson(), values));
                }
            });
        }
        return all;
    }

    /**
     * Reads a revision that is known to be whole.
     *
     * @throws IllegalArgumentException with every problem, if it does not validate
     */
    public Revision read(byte[] content) {
        return switch (read("revision", content)) {
            case Loaded.Valid valid -> valid.revision();
            case Loaded.Refused refused ->
                throw new IllegalArgumentException(String.join(
                        "\n", refused.problems().stream().map(Problem::toString).toList()));
            case Loaded.Settling settling -> throw new IllegalArgumentException(settling.reason());
            case Loaded.Absent absent -> throw new IllegalArgumentException(absent.reason());
        };
    }

    private Map<ResourceId, Draft> drafts(
            Located.Arr resources, @Nullable Located owners, Substitution none, List<Problem> problems) {
        DraftReader reader = new DraftReader(catalog, Composites.NONE, none, problems);
        Map<ResourceId, Draft> drafts = new TreeMap<>();
        for (Located element : resources.elements()) {
            if (!(element instanceof Located.Obj document)) {
                problems.add(element.place().problem("expected a document, found another value", "publish it again"));
                continue;
            }
            Draft draft = reader.read(document);
            if (draft == null) {
                continue;
            }
            String owner = owners instanceof Located.Obj o ? o.text(draft.id().toString()) : null;
            ResourceId composite = owner == null || !owner.matches(Form.RESOURCE_ID) ? null : ResourceId.parse(owner);
            if (drafts.put(draft.id(), draft.ownedBy(composite)) != null) {
                problems.add(draft.place().problem(draft.id() + " is declared twice", "publish it again"));
            }
        }
        return drafts;
    }

    private static ObjectNode stack(StackSettings settings) {
        ObjectNode stack = JsonNodeFactory.instance.objectNode().put("name", settings.name());
        ObjectNode spec = stack.putObject("spec");
        spec.put("account", settings.account());
        spec.put("region", settings.region());
        if (settings.roleArn() != null) {
            spec.put("roleArn", settings.roleArn());
        }
        if (!settings.tags().isEmpty()) {
            spec.set("tags", texts(settings.tags()));
        }
        spec.put("mode", settings.mode().name());
        spec.put("interval", settings.interval().toString());
        spec.put("prune", settings.prune());
        spec.set("limits", MAPPER.valueToTree(settings.limits()));
        spec.put("showEnvironment", settings.showEnvironment());
        return stack;
    }

    private static ObjectNode resource(DesiredResource resource) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("apiVersion", Documents.API_VERSION)
                .put("kind", resource.id().kind());
        ObjectNode metadata =
                document.putObject("metadata").put("name", resource.id().name());
        if (!resource.dependsOn().isEmpty()) {
            ArrayNode dependsOn = metadata.putArray("dependsOn");
            new TreeSet<>(resource.dependsOn()).forEach(d -> dependsOn.add(d.toString()));
        }
        if (resource.region() != null) {
            metadata.put("region", resource.region());
        }
        if (!resource.labels().isEmpty()) {
            metadata.set("labels", texts(resource.labels()));
        }
        ObjectNode lifecycle = lifecycle(resource.lifecycle());
        if (!lifecycle.isEmpty()) {
            document.set("lifecycle", lifecycle);
        }
        document.set("spec", resource.spec());
        return document;
    }

    private static ObjectNode lifecycle(Lifecycle lifecycle) {
        ObjectNode rules = JsonNodeFactory.instance.objectNode();
        if (lifecycle.onDelete() != null) {
            rules.put("onDelete", lifecycle.onDelete().name());
        }
        if (lifecycle.onReplace() != null) {
            rules.put("onReplace", lifecycle.onReplace().name());
        }
        if (lifecycle.adopt() != Lifecycle.Adopt.Never) {
            rules.put("adopt", lifecycle.adopt().name());
        }
        if (lifecycle.id() != null) {
            rules.put("id", Interpolation.escape(lifecycle.id()));
        }
        if (!lifecycle.ignore().isEmpty()) {
            ArrayNode ignore = rules.putArray("ignore");
            new TreeSet<>(lifecycle.ignore()).forEach(p -> ignore.add(Interpolation.escape(p)));
        }
        if (lifecycle.paused()) {
            rules.put("paused", true);
        }
        if (lifecycle.handover()) {
            rules.put("handover", true);
        }
        return rules;
    }

    private static ObjectNode texts(Map<String, String> map) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        map.forEach((k, v) -> node.put(k, Interpolation.escape(v)));
        return node;
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(e -> array.add(sorted(e)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        node.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> object.set(e.getKey(), sorted(e.getValue())));
        return object;
    }
}
