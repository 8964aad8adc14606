package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PublishingRules;
import dev.holdfast.model.StackSettings.Limits;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the document of guardrails, and locates each mistake. */
public final class GuardrailsReader {
    static final String KIND = "Guardrails";

    private GuardrailsReader() {}

    /**
     * @param catalog the kinds that policies may name
     * @param problems receives the mistakes
     * @return null if there are mistakes
     */
    public static @Nullable Guardrails read(String file, byte[] content, KindCatalog catalog, List<Problem> problems) {
        List<LocatedJson> documents = LocatedJsonReader.read(file, content, problems);
        if (!problems.isEmpty()) {
            return null;
        }
        if (documents.size() != 1) {
            problems.add(new Problem(
                    file,
                    1,
                    1,
                    "",
                    "expected one document, found " + documents.size(),
                    "write one document of kind " + KIND));
            return null;
        }
        LocatedJson document = documents.getFirst().withoutNulls();
        JsonTypeCheck.checkEarly(document, JsonType.of(GuardrailsDocument.class), problems);
        if (!problems.isEmpty() || !(document instanceof LocatedJson.Obj object)) {
            return null;
        }
        constant(object, "apiVersion", Documents.API_VERSION, problems);
        constant(object, "kind", KIND, problems);
        LocatedJson.Obj spec = Objects.requireNonNull(object.object("spec"), "required");
        PolicySet policies = PoliciesReader.read(spec.get("policies"), catalog, problems);
        PublishingRules publishing = PublishingRulesReader.read(spec, problems);
        return policies == null || !problems.isEmpty() ? null : of(spec.toJson(), policies, publishing);
    }

    private static void constant(LocatedJson.Obj object, String member, String wanted, List<Problem> problems) {
        LocatedJson found = object.get(member);
        if (found != null && !wanted.equals(found.text())) {
            problems.add(found.location().problem("expected " + wanted + ", found " + found.text(), "write " + wanted));
        }
    }

    private static Guardrails of(JsonNode spec, PolicySet policies, PublishingRules publishing) {
        JsonNode allow = spec.path("allow");
        Set<GuardedChange> classes = EnumSet.noneOf(GuardedChange.class);
        spec.path("requireApproval").forEach(name -> classes.add(GuardedChange.valueOf(name.asText())));
        JsonNode limits = spec.path("limits");
        return new Guardrails(
                new Guardrails.AllowedScope(
                        texts(allow.path("stacks")),
                        texts(allow.path("accounts")),
                        texts(allow.path("regions")),
                        texts(allow.path("kinds")),
                        texts(allow.path("roles"))),
                new Limits(
                        limits.path("maxDeletes").asInt(Integer.MAX_VALUE),
                        limits.path("maxReplaces").asInt(Integer.MAX_VALUE),
                        limits.path("maxUpdates").asInt(Integer.MAX_VALUE),
                        limits.path("maxRollouts").asInt(Integer.MAX_VALUE)),
                spec.hasNonNull("permissionsBoundary")
                        ? spec.path("permissionsBoundary").asText()
                        : null,
                texts(spec.path("managedPolicies")),
                classes,
                policies,
                publishing);
    }

    private static @Nullable Set<String> texts(JsonNode list) {
        if (!list.isArray()) {
            return null;
        }
        Set<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
