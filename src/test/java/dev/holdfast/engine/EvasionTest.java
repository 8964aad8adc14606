package dev.holdfast.engine;

import static dev.holdfast.engine.PolicyFixtures.ADMIN;
import static dev.holdfast.engine.PolicyFixtures.STRANGERS_TRUST;
import static dev.holdfast.engine.PolicyFixtures.TRUST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.TestGuardrails;
import dev.holdfast.plan.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The form in which the documents declare a change makes no difference, because guardrails check the step. */
class EvasionTest {
    private static final String EVERYBODY =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::media-1/*'}]}";
    private static final String OPEN = "[{'protocol':'tcp','fromPort':22,'toPort':22,'cidrIpv4':'0.0.0.0/0'}]";
    private static final String KEY =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:root'},'Action':'kms:*','Resource':'*'}]}";

    /**
     * A risky value of a field.
     *
     * @param harmless the other members of the document
     */
    private record RiskyValue(GuardedChange risk, String kind, String harmless, String field, String value) {}

    private static final List<RiskyValue> VALUES = List.of(
            new RiskyValue(GuardedChange.IamWidened, "Role", "'assumeRolePolicyDocument':" + TRUST, "policies", ADMIN),
            new RiskyValue(
                    GuardedChange.TrustChanged,
                    "Role",
                    "'description':'x'",
                    "assumeRolePolicyDocument",
                    STRANGERS_TRUST),
            new RiskyValue(
                    GuardedChange.InternetIngress,
                    "SecurityGroup",
                    "'vpcId':'vpc-1','description':'x'",
                    "ingress",
                    OPEN),
            new RiskyValue(GuardedChange.PublicAccess, "Bucket", "'bucketName':'media-1'", "policy", EVERYBODY),
            new RiskyValue(
                    GuardedChange.PublicAccess,
                    "Bucket",
                    "'bucketName':'media-1'",
                    "publicAccessBlock",
                    "{'blockPublicPolicy':false}"),
            new RiskyValue(GuardedChange.KeyPolicyChanged, "Key", "'description':'x'", "policy", KEY));

    /** A form of a change: the documents, more members of the stack's spec, and a patch. */
    private record Form(String name, String documents, String stackSpec, String patch) {}

    private static List<Form> forms(RiskyValue value) {
        String plain = value.harmless() + ",'" + value.field() + "':";
        String harmless = Docs.document(value.kind(), "it", "", value.harmless());
        String patch = "{'kind':'" + value.kind() + "','metadata':{'name':'it'},'spec':{'" + value.field() + "':"
                + value.value() + "}}";
        List<Form> forms = new ArrayList<>();
        forms.add(new Form("document", Docs.document(value.kind(), "it", "", plain + value.value()), "", ""));
        forms.add(new Form("patch", harmless, "'patches':['p.json'],", patch));
        forms.add(new Form(
                "param",
                Docs.document(value.kind(), "it", "", plain + "'${params.x}'"),
                "'params':{'x':" + value.value() + "},",
                ""));
        forms.add(new Form(
                "param inside",
                Docs.document(value.kind(), "it", "", plain + value.value())
                        .replace("'0.0.0.0/0'", "'${params.a}/${params.b}'")
                        .replace("'*'", "'${params.c}'")
                        .replace("999999999999", "${params.d}")
                        .replace("123456789012:root", "${stack.account}:root"),
                "'params':{'a':'0.0.0.0','b':'0','c':'*','d':'999999999999'},",
                ""));
        forms.add(new Form(
                "adoption", Docs.document(value.kind(), "it", "'adopt':'IfUnowned'", plain + value.value()), "", ""));
        return forms;
    }

    private static PolicySet noRisk(GuardedChange risk) {
        return policies(PolicyFixtures.policy("no-risk", "", "deny", "!(`" + risk + "` in step.risks)"));
    }

    private static PolicySet policies(String policy) {
        return ((GuardrailsState.ActiveGuardrails) PolicyFixtures.guardrails(policy))
                .guardrails()
                .policies();
    }

    /** The guard's verdict on the resource, planned under these guardrails. */
    private static Verdict.Held held(World world, GuardrailsState guardrails, String resource) {
        world.guardrails = guardrails;
        world.reconciler().requestFull();
        world.reconciler().plan();
        return world.view().verdicts().entrySet().stream()
                .filter(e -> e.getKey().resource().equals(ResourceId.parse(resource))
                        && e.getValue() instanceof Verdict.Held)
                .map(e -> (Verdict.Held) e.getValue())
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        resource + " is not held\n" + world.view().verdicts() + "\n" + world.describe()));
    }

    private static void caught(World world, String resource, GuardedChange risk) {
        assertThat(held(world, TestGuardrails.requiring(Set.of(risk), PolicySet.NONE), resource)
                        .reason())
                .isEqualTo(Reason.GuardrailNeedsApproval);
        assertThat(held(world, TestGuardrails.requiring(Set.of(), noRisk(risk)), resource))
                .satisfies(verdict -> {
                    assertThat(verdict.reason()).isEqualTo(Reason.PolicyDenied);
                    assertThat(verdict.message()).isEqualTo("policy no-risk: no no-risk");
                });
    }

    static List<RiskyValue> values() {
        return VALUES;
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyFormOfACreationIsTheSame(RiskyValue value) {
        for (Form form : forms(value)) {
            try (World world = new World()) {
                if (!form.patch().isEmpty()) {
                    world.file("test/p.json", form.patch());
                }
                world.desire(Docs.of(form.documents()), form.stackSpec());
                caught(world, value.kind() + "/it", value.risk());
            } catch (AssertionError e) {
                throw new AssertionError(form.name() + ": " + e.getMessage(), e);
            }
        }
    }

    private static String network(String more) {
        return Docs.document("Network", "main", "", "'cidrBlock':'10.0.0.0/16','zones':['a','b']" + more);
    }

    private static final String CLOSED = ",'ingressCidrs':['10.0.0.0/8']";

    private static String service(String overrides) {
        return network(CLOSED) + "," + Docs.document("EcsCluster", "main", "", "") + ","
                + Docs.document("Ingress", "main", "", "") + ","
                + Docs.document("Service", "api", "", "'image':'nginx:1','overrides':{" + overrides + "}");
    }

    /** @param resource a part of a composite */
    private record CompositeForm(String name, GuardedChange risk, String resource, String documents) {}

    static List<CompositeForm> composites() {
        String database = network(CLOSED) + ","
                + Docs.document(
                        "Database",
                        "main",
                        "",
                        "'engineVersion':'15','dbInstanceClass':'db.t4g.medium','overrides':{%s}");
        return List.of(
                new CompositeForm("Network", GuardedChange.InternetIngress, "SecurityGroup/main-alb", network("")),
                new CompositeForm(
                        "Network, override",
                        GuardedChange.InternetIngress,
                        "SecurityGroup/main-service",
                        network(CLOSED + ",'overrides':{'SecurityGroup/main-service':{'ingress':" + OPEN + "}}")),
                new CompositeForm("Service", GuardedChange.IamWidened, "Role/api-execution", service("")),
                new CompositeForm(
                        "Service, trust",
                        GuardedChange.TrustChanged,
                        "Role/api-task",
                        service("'Role/api-task':{'assumeRolePolicyDocument':" + STRANGERS_TRUST + "}")),
                new CompositeForm(
                        "Service, somebody's role",
                        GuardedChange.IamWidened,
                        "TaskDefinition/api",
                        service("'TaskDefinition/api':{'taskRoleArn':'arn:aws:iam::123456789012:role/admin'}")),
                new CompositeForm(
                        "Database, somebody's role",
                        GuardedChange.IamWidened,
                        "DbInstance/main",
                        database.formatted("'DbInstance/main':{'monitoringInterval':60,"
                                + "'monitoringRoleArn':'arn:aws:iam::123456789012:role/admin'}")),
                new CompositeForm(
                        "Database, its secret",
                        GuardedChange.PublicAccess,
                        "Secret/main-database",
                        database.formatted("'Secret/main-database':{'resourcePolicy':"
                                + EVERYBODY.replace("s3:GetObject", "secretsmanager:GetSecretValue") + "}")));
    }

    @ParameterizedTest
    @MethodSource("composites")
    void aCompositeIsNoWayAround(CompositeForm form) {
        try (World world = new World()) {
            world.desire(Docs.of(form.documents()), Docs.UNLIMITED);
            caught(world, form.resource(), form.risk());
        }
    }

    /** @param expression the expression of a policy with which the part does not comply */
    private record PolicyForm(String name, String resource, String expression, String documents) {}

    static List<PolicyForm> policyForms() {
        String ingress = network(CLOSED) + "," + Docs.document("Ingress", "main", "", "");
        return List.of(
                new PolicyForm("Ingress", "Listener/main-http", "desired.protocol == `HTTPS`", ingress),
                new PolicyForm(
                        "Cdn",
                        "Distribution/main",
                        "desired.priceClass == `PriceClass_All`",
                        ingress + "," + Docs.document("Cdn", "main", "", "'originProtocolPolicy':'http-only'")),
                new PolicyForm(
                        "Cache, override",
                        "ReplicationGroup/main",
                        "desired.atRestEncryptionEnabled",
                        network(CLOSED) + ","
                                + Docs.document(
                                        "Cache",
                                        "main",
                                        "",
                                        "'engineVersion':'7.1','cacheNodeType':'cache.t4g.small',"
                                                + "'overrides':{'ReplicationGroup/main':{'atRestEncryptionEnabled':false}}")));
    }

    @ParameterizedTest
    @MethodSource("policyForms")
    void aCompositeIsNoWayAroundAPolicy(PolicyForm form) {
        String kind = form.resource().substring(0, form.resource().indexOf('/'));
        PolicySet policy = policies(PolicyFixtures.policy("p", "'kinds':['" + kind + "']", "deny", form.expression()));
        try (World world = new World()) {
            world.desire(Docs.of(form.documents()), Docs.UNLIMITED);

            assertThat(held(world, TestGuardrails.requiring(Set.of(), policy), form.resource())
                            .message())
                    .isEqualTo("policy p: no p");
        }
    }

    @Test
    void anAdoptionIsNoWayAround() {
        try (World world = new World()) {
            world.somebody(IamClient.class)
                    .createRole(r -> r.roleName("theirs").assumeRolePolicyDocument(TRUST.replace('\'', '"')));
            world.somebody(S3Client.class).createBucket(r -> r.bucket("media-1"));
            String adopt = "'adopt':'IfUnowned'";
            world.desire(Docs.of(
                    Docs.document(
                            "Role",
                            "it",
                            adopt,
                            "'roleName':'theirs','assumeRolePolicyDocument':" + TRUST + ",'policies':" + ADMIN),
                    Docs.document("Bucket", "it", adopt, "'bucketName':'media-1','policy':" + EVERYBODY)));
            world.reconciler().plan();
            assertThat(world.view().verdicts().keySet()).allMatch(step -> step.action() == Action.Adopt);

            caught(world, "Role/it", GuardedChange.IamWidened);
            caught(world, "Role/it", GuardedChange.BoundaryChanged);
            caught(world, "Bucket/it", GuardedChange.PublicAccess);
        }
    }

    /** The release of a field alone changes nothing in AWS. A new resource without the field needs an approval. */
    @Test
    void aReleasedFieldIsNoWayAround() {
        String bound = ",'permissionsBoundary':'arn:aws:iam::aws:policy/PowerUserAccess'";
        String role = "'assumeRolePolicyDocument':" + TRUST;
        try (World world = new World()) {
            world.desire(Docs.of(Docs.document("Role", "it", "'onReplace':'Allow'", role + bound)))
                    .converged();
            world.desire(Docs.of(Docs.document("Role", "it", "'onReplace':'Allow'", role)))
                    .converged();
            assertThat(world.somebody(IamClient.class)
                            .getRole(r -> r.roleName(world.resource("Role/it").physicalId()))
                            .role()
                            .permissionsBoundary()
                            .permissionsBoundaryArn())
                    .endsWith("PowerUserAccess");

            world.desire(Docs.of(Docs.document("Role", "it", "'onReplace':'Allow'", role + ",'path':'/x/'")));
            caught(world, "Role/it", GuardedChange.BoundaryChanged);
        }
    }

    @Test
    void dataThatGoesWithACompositesChangeIsAskedAbout() {
        try (World world = new World()) {
            String log = "'LogGroup/api':{'logGroupName':'%s'}";
            world.desire(Docs.of(service(log.formatted("/a"))), Docs.UNLIMITED);
            world.converged();
            world.desire(
                    Docs.of(service(log.formatted("/b")).replace("'overrides'", "'logRetentionInDays':7,'overrides'")),
                    Docs.UNLIMITED);

            caught(world, "LogGroup/api", GuardedChange.DataDeleted);
        }
    }
}
