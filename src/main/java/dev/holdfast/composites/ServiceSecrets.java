package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.KmsKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a service receives as environment variables: its own secrets, which are created here, and secrets
 * of other sources.
 */
final class ServiceSecrets {
    private static final Map<String, Object> GENERATED =
            JsonFields.of("passwordLength", 48, "excludePunctuation", true);

    private static final Pattern PARAMETER = Pattern.compile("arn:[a-z-]+:ssm:");
    private static final Pattern WHOLE =
            Pattern.compile("\\$\\{[^}]*}|arn:[a-z-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]*");

    /** A secret of this stack, alone or as a part of a database or a cache. */
    private static final Pattern DECLARED =
            Pattern.compile("\\$\\{(?:(Secret/[^.}]+)(?:\\.arn)?|((?:Database|Cache)/[^.}]+)\\.secretArn)}");

    private final ServiceComposite.Spec spec;
    private final Expansion into;
    private final List<String> ownArns = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> valuesFrom = new TreeMap<>();
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Set<String> rotations = new LinkedHashSet<>();

    ServiceSecrets(ServiceComposite.Spec spec, Expansion into) {
        this.spec = spec;
        this.into = into;
    }

    List<String> ownArns() {
        return ownArns;
    }

    /**
     * The secrets that the execution role must read, by the action that reads them.
     *
     * @param containers all containers of a task, including the sidecars of the document
     */
    Map<String, List<String>> readable(JsonNode containers) {
        Set<String> arns = new LinkedHashSet<>(variables.keySet());
        for (JsonNode container : containers) {
            for (JsonNode list : List.of(
                    container.path("secrets"),
                    container.path("logConfiguration").path("secretOptions"))) {
                list.forEach(secret -> arns.add(whole(secret.path("valueFrom").asText())));
            }
        }
        Map<String, List<String>> readable = new LinkedHashMap<>();
        arns.forEach(arn -> readable.computeIfAbsent(
                        PARAMETER.matcher(arn).lookingAt() ? "ssm:GetParameters" : "secretsmanager:GetSecretValue",
                        action -> new ArrayList<>())
                .add(arn));
        return readable;
    }

    /** The ARN of the whole secret, without key, stage and version. */
    private static String whole(String valueFrom) {
        Matcher whole = WHOLE.matcher(valueFrom);
        return whole.lookingAt() ? whole.group() : valueFrom;
    }

    String variableOf(String arn) {
        return variables.getOrDefault(arn, "");
    }

    /** The value of {@code valueFrom} for each variable. */
    Map<String, String> valuesFrom() {
        return valuesFrom;
    }

    /**
     * The customer's KMS keys that encrypt the secrets, each with a variable that names it: to read a secret, the role
     * must be allowed to decrypt it.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">secrets
     *     as environment variables</a>
     */
    Map<String, String> keys() {
        return keys;
    }

    /**
     * References to the rotations and the caches that must apply a secret before a task uses it: before the first
     * rotation, the services' user may not exist in the database.
     */
    Set<String> rotations() {
        return rotations;
    }

    void build() {
        new TreeMap<>(spec.secrets()).forEach((variable, source) -> {
            if (source.kmsKeyId() != null) {
                key(variable, source.kmsKeyId());
            }
            String from = from(variable, source);
            String arn = from == null ? own(variable, source) : other(variable, source, from);
            variables.putIfAbsent(whole(arn), variable);
            valuesFrom.put(variable, valueFrom(arn, source.key()));
        });
    }

    /**
     * Includes the version of a secret if this stack knows the version, so that a new version causes a new task
     * definition. All tasks of one deployment then have the same version, even if scaling starts them later, and a
     * rollback restores the former version.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">the parts of
     *     valueFrom</a>
     */
    private String valueFrom(String arn, @Nullable String key) {
        Matcher declared = DECLARED.matcher(arn);
        boolean known = declared.matches();
        if (known && declared.group(2) != null) {
            // A new token is valid as soon as the cache has applied it.
            rotations.add(
                    "${" + declared.group(2) + (declared.group(2).startsWith("Cache/") ? ".id" : ".rotations") + "}");
        }
        if (spec.rolloutOnRotation() && known) {
            String version = declared.group(1) == null
                    ? declared.group(2) + ".secretVersionId"
                    : declared.group(1) + ".versionId";
            return arn + ":" + (key == null ? "" : key) + "::${" + version + "}";
        }
        return key == null ? arn : arn + ":" + key + "::";
    }

    /** The source of a secret that is not the service's own; null for the service's own secret. */
    private @Nullable String from(String variable, ServiceComposite.SecretSource source) {
        List<String> sources = new ArrayList<>();
        if (source.from() != null) {
            sources.add(source.from());
        }
        if (source.database() != null) {
            sources.add("${Database/" + source.database() + ".secretArn}");
        }
        if (source.cache() != null) {
            sources.add("${Cache/" + source.cache() + ".secretArn}");
        }
        if (sources.size() > 1) {
            into.mistake(
                    "/secrets/" + variable,
                    "expected one of from, database and cache, found several",
                    "remove all but one of from, database and cache");
        }
        return sources.isEmpty() ? null : sources.getLast();
    }

    /** The key must be an ARN, because a policy on an alias or an id allows nothing. */
    private void key(String variable, String key) {
        if (!KmsKeys.isArn(key) && !key.contains("${")) {
            into.mistake(
                    "/secrets/" + variable + "/kmsKeyId",
                    "expected the ARN of a key, found \"" + key + "\"",
                    KmsKeys.HINT);
        }
        keys.putIfAbsent(key, variable);
    }

    private String other(String variable, ServiceComposite.SecretSource source, String from) {
        if (source.generate() != null || source.name() != null) {
            into.mistake(
                    "/secrets/" + variable,
                    "expected either from, or generate and name, found both",
                    "remove from, or remove generate and name: the secret that from refers to already exists");
        }
        return from;
    }

    private String own(String variable, ServiceComposite.SecretSource source) {
        String at = "/secrets/" + variable;
        JsonNode given = into.raw("secrets");
        JsonNode generate = given == null ? null : given.path(variable).get("generate");
        CompositePart secret = into.part(
                        "Secret", variable.toLowerCase(Locale.ROOT).replace('_', '-'))
                .set("name", source.name() == null ? name(variable) : source.name(), at)
                .set("kmsKeyId", source.kmsKeyId(), at + "/kmsKeyId")
                .set("description", variable + " of " + into.name())
                .set("generateSecretString", generate == null ? GENERATED : generate, at + "/generate")
                .tags(spec.tags());
        ownArns.add(secret.ref("arn"));
        return secret.ref("arn");
    }

    /**
     * For example {@code Prod/SkinClubPro/Api/SessionKey} for the prefix {@code Prod/SkinClubPro}, the service api and
     * SESSION_KEY.
     */
    private String name(String variable) {
        String prefix = spec.secretPrefix();
        return (prefix == null ? into.stack().name() : prefix) + "/" + capitalised(into.name()) + "/"
                + capitalised(variable);
    }

    static String capitalised(@Nullable String words) {
        StringBuilder text = new StringBuilder();
        for (String word : (words == null ? "" : words).split("[-_]+")) {
            if (!word.isEmpty()) {
                text.append(Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1).toLowerCase(Locale.ROOT));
            }
        }
        return text.toString();
    }
}
