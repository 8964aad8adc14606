package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.ImageName;
import dev.holdfast.aws.Partitions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The execution role and the task role of a service, each with the least permissions. */
final class ServiceRoles {
    /** The part of an image's name before the tag or digest, neither of which contains a slash. */
    private static final Pattern NAME = Pattern.compile("(.*/[^:@]+)(?:[:@].*)?");

    private static final Pattern DECLARED = Pattern.compile("\\$\\{(Repository/[A-Za-z0-9-]+)\\.uri}([:@].*)?");

    private final ServiceComposite.Spec spec;
    private final Expansion into;

    ServiceRoles(ServiceComposite.Spec spec, Expansion into) {
        this.spec = spec;
        this.into = into;
    }

    /**
     * The role with which ECS starts the tasks: it pulls the images, writes the logs and reads the secrets.
     *
     * @param containers all containers of a task: a task does not start if the role lacks a permission that one of them
     *     needs
     */
    CompositePart execution(
            CompositePart logs, @Nullable CompositePart repository, ServiceSecrets secrets, JsonNode containers) {
        List<Object> policies = new ArrayList<>();
        Set<String> repositories = new LinkedHashSet<>();
        if (repository != null) {
            repositories.add(repository.ref("arn"));
        }
        for (JsonNode container : containers) {
            String arn = repositoryOf(container.path("image").asText());
            if (arn != null && !(repository != null && arn.equals(arnHere(repository)))) {
                repositories.add(arn);
            }
        }
        if (!repositories.isEmpty()) {
            policies.add(RolePolicies.policy(
                    "image",
                    List.of(
                            RolePolicies.allow(List.of("ecr:GetAuthorizationToken"), List.of("*")),
                            RolePolicies.allow(
                                    List.of(
                                            "ecr:BatchCheckLayerAvailability",
                                            "ecr:BatchGetImage",
                                            "ecr:GetDownloadUrlForLayer"),
                                    List.copyOf(repositories)))));
        }
        policies.add(RolePolicies.policy(
                "log",
                List.of(RolePolicies.allow(
                        List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.ref("arn") + ":*")))));
        List<Object> reads = new ArrayList<>();
        Map<String, String> sources = new LinkedHashMap<>();
        String statements = "/policies/" + policies.size() + "/policyDocument/Statement/";
        secrets.readable(containers).forEach((action, arns) -> {
            int i = 0;
            for (String arn : arns) {
                String variable = secrets.variableOf(arn);
                if (!variable.isEmpty()) {
                    sources.put(statements + reads.size() + "/Resource/" + i, "/secrets/" + variable + "/from");
                }
                i++;
            }
            reads.add(RolePolicies.allow(List.of(action), arns));
        });
        if (!secrets.keys().isEmpty()) {
            int i = 0;
            for (String variable : secrets.keys().values()) {
                sources.put(statements + reads.size() + "/Resource/" + i++, "/secrets/" + variable + "/kmsKeyId");
            }
            reads.add(RolePolicies.allow(
                    List.of("kms:Decrypt"), List.copyOf(secrets.keys().keySet())));
        }
        if (!reads.isEmpty()) {
            policies.add(RolePolicies.policy("secrets", reads));
        }
        CompositePart role = role("execution", policies);
        sources.forEach(role::from);
        return role;
    }

    /** The role of the service's code. */
    CompositePart task() {
        List<Object> policies = new ArrayList<>();
        if (spec.statements() != null && !spec.statements().isEmpty()) {
            policies.add(RolePolicies.policy("service", List.<Object>copyOf(spec.statements())));
        }
        if (spec.tracing().enabled()) {
            policies.add(
                    RolePolicies.policy("tracing", List.of(RolePolicies.allow(ServiceTracer.ACTIONS, List.of("*")))));
        }
        CompositePart role = role("task", policies);
        return spec.statements() == null ? role : role.from("/policies/0/policyDocument/Statement", "/statements");
    }

    private CompositePart role(String name, List<Object> policies) {
        return into.part("Role", name)
                .set("assumeRolePolicyDocument", trust())
                .set("managedPolicyArns", List.of())
                .set("policies", policies)
                .tags(spec.tags());
    }

    /** @return the ARN of the ECR repository that contains the image, or null if the image is not in ECR */
    private static @Nullable String repositoryOf(String image) {
        Matcher declared = DECLARED.matcher(image);
        if (declared.matches()) {
            return "${" + declared.group(1) + ".arn}";
        }
        Matcher name = NAME.matcher(image);
        ImageName ecr = name.matches() ? ImageName.parse(name.group(1)) : null;
        return ecr == null ? null : arn(ecr.region(), ecr.registry(), ecr.repository());
    }

    /** The ARN that a repository of this stack will have, derived from its name. */
    private String arnHere(CompositePart repository) {
        String name = repository.spec().path("repositoryName").asText();
        return arn(into.stack().region(), into.stack().account(), name);
    }

    private static String arn(String region, String account, String repository) {
        return "arn:" + Partitions.id(region) + ":ecr:" + region + ":" + account + ":repository/" + repository;
    }

    /**
     * Only tasks of this account may assume the role.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html">confused
     *     deputies</a>
     */
    private JsonNode trust() {
        Object sameAccount = JsonFields.of("aws:SourceAccount", into.stack().account());
        return RolePolicies.document(List.of(JsonFields.of(
                "Effect",
                "Allow",
                "Principal",
                JsonFields.of("Service", "ecs-tasks.amazonaws.com"),
                "Action",
                "sts:AssumeRole",
                "Condition",
                JsonFields.of("StringEquals", sameAccount))));
    }
}
