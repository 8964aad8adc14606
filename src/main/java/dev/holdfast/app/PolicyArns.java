package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Permission;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PhysicalNames;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ARNs of a stack's resources in a policy, with {@code *} for parts that are known only once a resource exists. */
final class PolicyArns {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z]\\w*/[\\w-]+)(?:\\.[^}]*)?}");
    private static final Pattern ANY_REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern FIELD = Pattern.compile("\\{spec\\.(\\w+)}");
    /** The prefix of the ids of a type, by the type in its ARN. */
    private static final Map<String, String> IDS = Map.of(
            "vpc", "vpc",
            "subnet", "subnet",
            "elastic-ip", "eipalloc",
            "security-group", "sg",
            "route-table", "rtb");

    private final KindCatalog catalog;
    private final Revision revision;

    PolicyArns(KindCatalog catalog, Revision revision) {
        this.catalog = catalog;
        this.revision = revision;
    }

    static String withoutReferences(String value) {
        return ANY_REFERENCE.matcher(value).replaceAll("*");
    }

    String region(DesiredResource resource) {
        return resource.region() != null
                ? resource.region()
                : revision.settings().region();
    }

    String arn(String pattern, KindInfo<?> info, DesiredResource resource) {
        String path = resource.spec().path("path").asText("/");
        String named = pattern.replace("{name}", name(info, resource))
                .replace("{exact}", exact(info, resource))
                .replace("{path}", path);
        String whole =
                FIELD.matcher(named).replaceAll(found -> Matcher.quoteReplacement(field(resource, found.group(1))));
        return arn(whole, region(resource));
    }

    String arn(String pattern, String region) {
        return pattern.replace("arn:aws:", "arn:" + Partitions.id(region) + ":")
                .replace("{region}", region)
                .replace("{account}", revision.settings().account());
    }

    /** The ARN of an object that is to be adopted, from the id or the name that the document states for it. */
    String adopted(String pattern, Kind<?> kind, DesiredResource resource) {
        String id = resource.adoptedId();
        String exact = pattern.replace("{name}", "{exact}");
        return arn(
                id != null && exact.endsWith("/*") ? exact.substring(0, exact.length() - 1) + id : exact,
                kind.info(),
                resource);
    }

    /** The ARNs of the objects, of the types in the patterns, whose ids or ARNs the documents state. */
    SortedSet<String> stated(Collection<String> patterns, List<DesiredResource> all) {
        SortedSet<String> arns = new TreeSet<>();
        for (String pattern : patterns) {
            String type = pattern.substring(pattern.lastIndexOf(':') + 1).replace("/*", "");
            Pattern id = Pattern.compile("\\b" + IDS.getOrDefault(type, "none of this type") + "-[0-9a-f]{8,17}\\b");
            for (DesiredResource resource : all) {
                Matcher whole = Pattern.compile(
                                Pattern.quote(arn(pattern.replace("*", ""), region(resource))) + "[^\"$]+")
                        .matcher(resource.spec().toString());
                while (whole.find()) {
                    arns.add(whole.group());
                }
                Matcher found = id.matcher(resource.spec().toString());
                while (found.find()) {
                    arns.add(arn(pattern.replace("*", found.group()), region(resource)));
                }
            }
        }
        return arns;
    }

    SortedSet<String> passed(Permission permission, List<DesiredResource> all) {
        SortedSet<String> roles = new TreeSet<>();
        for (DesiredResource resource : all) {
            for (String field : permission.fields()) {
                if (resource.spec().has(field)) {
                    roles.addAll(role(resource.spec().path(field).asText()));
                }
            }
        }
        return roles;
    }

    /** The ARNs of a role. IAM does not evaluate a role's tags when it is passed, so that the whole name is needed. */
    private Collection<String> role(String value) {
        DesiredResource role = referred(value);
        if (role == null) {
            return List.of(withoutReferences(value));
        }
        KindInfo<?> info = catalog.get(role.id().kind()).info();
        return info.permissions().arns().stream()
                .map(pattern -> arn(pattern.replace("{name}", "{exact}"), info, role))
                .toList();
    }

    private @Nullable DesiredResource referred(String value) {
        Matcher reference = REFERENCE.matcher(value);
        return reference.matches() ? revision.resources().get(ResourceId.parse(reference.group(1))) : null;
    }

    /** The value of a field; for a reference to a resource that does not have the field, a path that ends in its name. */
    private String field(DesiredResource resource, String field) {
        String value = resource.spec().path(field).asText("*");
        DesiredResource target = referred(value);
        if (target == null) {
            return withoutReferences(value);
        }
        return target.spec().has(field)
                ? field(target, field)
                : "*/" + name(catalog.get(target.id().kind()).info(), target);
    }

    /** The name in AWS as far as it is known; {@code <stack>-*} for a generated name of any resource. */
    private String name(KindInfo<?> info, DesiredResource resource) {
        String generated = revision.settings().name() + "-*";
        return SpecModel.of(info.spec())
                .with(PhysicalName.class)
                .map(field -> {
                    JsonNode name = resource.spec().path(field.name());
                    boolean lower = Objects.requireNonNull(field.get(PhysicalName.class))
                            .lower();
                    return name.isTextual()
                            ? withoutReferences(name.asText())
                            : lower ? generated.toLowerCase(Locale.ROOT) : generated;
                })
                .orElse(generated);
    }

    /** The name of this one resource in AWS; the hash of a generated name is {@code ????????}. */
    private String exact(KindInfo<?> info, DesiredResource resource) {
        return SpecModel.of(info.spec())
                .with(PhysicalName.class)
                .filter(field -> !resource.spec().path(field.name()).isTextual())
                .map(field -> PhysicalNames.pattern(
                        revision.settings().name(),
                        resource.id(),
                        PhysicalNames.Rule.of(Objects.requireNonNull(field.get(PhysicalName.class)))))
                .orElseGet(() -> name(info, resource));
    }
}
