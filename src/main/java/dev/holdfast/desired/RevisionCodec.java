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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the canonical form of a revision: one JSON object with sorted keys, without white space, in UTF-8.
 * Its SHA-256 is the name of the revision, so that {@code sha256sum} of the object proves its integrity.
 *
 * <p>The texts in it are as in documents: references are unresolved, and <code>$${</code> is escaped.
 */
public final class RevisionCodec {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String KIND = "Revision";
    private static final JsonType SHAPE = JsonType.of(RevisionDocument.class);

    private final KindCatalog catalog;

    public RevisionCodec(KindCatalog catalog) {
        this.catalog = catalog;
    }

    public KindCatalog catalog() {
        return catalog;
    }

    record RevisionDocument(
            @Doc("The version of the document format.") @Required
            Documents.ApiVersion apiVersion,

            @Doc("The kind of the document, always Revision.") @Required
            String kind,

            @Doc("The stack's settings.") @Required RevisionStack stack,

            @Doc("The resources, in the order of their names.") @Required
            List<JsonNode> resources,

            @Doc("The composite that contains each resource, if any.")
            Map<String, String> owners,

            @Doc("The specs of the composites, for the status only: secrets are hidden.")
            Map<String, JsonNode> composites) {}

    record RevisionStack(
            @Doc("The stack's name.") @Required @HasFormat(TextFormat.STACK_NAME)
            String name,

            @Doc("The stack's settings, with params substituted.") @Required
            JsonNode spec) {}

    /** A revision of these settings and resources. Its name is the hash of its content. */
    public static Revision of(StackSettings settings, Map<ResourceId, DesiredResource> resources) {
        return of(settings, resources, Map.of());
    }

    /** @param composites the composites that contain some of the resources */
    static Revision of(
            StackSettings settings,
            Map<ResourceId, DesiredResource> resources,
            Map<ResourceId, DesiredComposite> composites) {
        Revision unnamed = new Revision("", settings, resources, composites);
        return new Revision(sha256(write(unnamed)), settings, resources, composites);
    }

    /** The canonical form without the revision's name, which is the hash of this form. */
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

    /**
     * Whether the revision contains a value of a secret field. Such a revision must not be stored outside the desired
     * state.
     */
    public boolean holdsSecrets(Revision revision) {
        return revision.resources().values().stream()
                .anyMatch(r -> JsonType.holdsSecret(
                        r.spec(), JsonType.of(catalog.get(r.id().kind()).info().spec())));
    }

    /** The hash as 64 hex digits. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Reads the canonical form and validates it like new documents.
     *
     * @param name the file name for the locations of problems
     * @return a valid or a refused revision, with the hash of the content as its name
     */
    public LoadResult read(String name, byte[] content) {
        String sha256 = sha256(content);
        List<Problem> problems = new ProblemList();
        return ContainedCheck.whole(
                new SourceLocation(name, 1, 1, ""), sha256, problems, () -> read(name, content, sha256, problems));
    }

    private LoadResult read(String name, byte[] content, String sha256, List<Problem> problems) {
        List<LocatedJson> documents = LocatedJsonReader.read(name, InputCaps.capped(content, 0), problems);
        if (documents.size() != 1 || !(documents.getFirst() instanceof LocatedJson.Obj root)) {
            problems.add(new Problem(name, 1, 1, "", "expected one revision", "publish it again"));
            return new LoadResult.RefusedRevision(sha256, problems);
        }
        JsonTypeCheck.check(root, SHAPE, problems);
        if (!KIND.equals(root.text("kind"))
                || !(root.get("stack") instanceof LocatedJson.Obj stack)
                || !(stack.get("spec") instanceof LocatedJson.Obj spec)
                || !(root.get("resources") instanceof LocatedJson.Arr resources)) {
            problems.add(root.location().problem("expected a document of kind Revision", "publish it again"));
            return new LoadResult.RefusedRevision(sha256, problems);
        }
        Substitution none = Substitution.of(null, Map.of(), problems, new InputBudget());
        JsonTypeCheck.check(
                none.object(spec, Substitution.AllowedPlaceholders.PARAMS),
                JsonType.of(Documents.RevisionSpec.class),
                problems);
        SettingsReader.check(spec, problems);
        Map<ResourceId, ResourceDraft> drafts = drafts(resources, root.get("owners"), none, problems);
        new GraphCheck(catalog, Composites.NONE, drafts, id -> false, problems).check(drafts.keySet());
        new StackCheck(drafts.values(), problems).check();
        if (drafts.isEmpty() && problems.isEmpty()) {
            checkTeardown(root, spec, problems);
        }
        if (!problems.isEmpty()) {
            return new LoadResult.RefusedRevision(sha256, problems);
        }
        Map<ResourceId, DesiredResource> found = new TreeMap<>();
        drafts.forEach((id, draft) -> found.put(id, draft.resource()));
        return new LoadResult.ValidRevision(new Revision(
                sha256,
                SettingsReader.of(EnvelopeText.text(stack, "name"), spec),
                found,
                composites(root.get("composites"))));
    }

    /** Only the revision that the command destroy creates may be empty: its limits hold every deletion for approval. */
    private static void checkTeardown(LocatedJson.Obj root, LocatedJson.Obj spec, List<Problem> problems) {
        if (SettingsReader.of("", spec).limits().maxDeletes() > 0) {
            problems.add(root.location()
                    .problem(
                            "the revision has no resources",
                            "to tear the stack down, use holdfast destroy, which holds each deletion for approval"));
        }
    }

    private static Map<ResourceId, DesiredComposite> composites(@Nullable LocatedJson said) {
        Map<ResourceId, DesiredComposite> all = new TreeMap<>();
        if (said instanceof LocatedJson.Obj composites) {
            composites.members().forEach((id, member) -> {
                if (TextFormat.RESOURCE_ID.matches(id)
                        && member.value() instanceof LocatedJson.Obj composite
                        && composite.get("spec") instanceof LocatedJson.Obj spec
                        && composite.get("outputs") instanceof LocatedJson.Obj outputs) {
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
     * Reads a revision that was validated before.
     *
     * @throws IllegalArgumentException with all problems if it does not validate
     */
    public Revision read(byte[] content) {
        return switch (read("revision", content)) {
            case LoadResult.ValidRevision valid -> valid.revision();
            case LoadResult.RefusedRevision refused ->
                throw new IllegalArgumentException(String.join(
                        "\n", refused.problems().stream().map(Problem::toString).toList()));
            case LoadResult.UnsettledSource settling -> throw new IllegalArgumentException(settling.reason());
            case LoadResult.NoDesiredState absent -> throw new IllegalArgumentException(absent.reason());
        };
    }

    private Map<ResourceId, ResourceDraft> drafts(
            LocatedJson.Arr resources, @Nullable LocatedJson owners, Substitution none, List<Problem> problems) {
        DraftReader reader = new DraftReader(catalog, Composites.NONE, none, problems);
        Map<ResourceId, ResourceDraft> drafts = new TreeMap<>();
        for (LocatedJson element : resources.elements()) {
            if (!(element instanceof LocatedJson.Obj document)) {
                problems.add(
                        element.location().problem("expected a document, found another value", "publish it again"));
                continue;
            }
            ResourceDraft draft = reader.read(document);
            if (draft == null) {
                continue;
            }
            String owner =
                    owners instanceof LocatedJson.Obj o ? o.text(draft.id().toString()) : null;
            ResourceId composite =
                    owner == null || !TextFormat.RESOURCE_ID.matches(owner) ? null : ResourceId.parse(owner);
            if (drafts.put(draft.id(), draft.ownedBy(composite)) != null) {
                problems.add(draft.location().problem(draft.id() + " is declared twice", "publish it again"));
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
