package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.app.PolicyStatement.ConditionTest;
import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.StackSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

class StackPolicyTest {
    private static final String ROLE = """
        {'apiVersion':'holdfast.dev/v1','kind':'Role','metadata':{'name':'task'},'spec':{'path':'/app/','managedPolicyArns':['arn:aws:iam::aws:policy/A'],
         'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[]}}}""";
    private static final String TASK = """
        {'apiVersion':'holdfast.dev/v1','kind':'TaskDefinition','metadata':{'name':'api'},'spec':{'taskRoleArn':'${Role/task}',
         'executionRoleArn':'arn:aws:iam::123456789012:role/theirs','cpu':'256','memory':'512','requiresCompatibilities':['FARGATE'],'networkMode':'awsvpc',
         'containerDefinitions':[{'name':'api','image':'nginx'}]}}""";
    private static final String VPC = """
        {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'lifecycle':{'adopt':'%s'},'spec':{'cidrBlock':'10.0.0.0/16'}}""";
    private static final String LOG = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'api'},'spec':{'logGroupName':'/app/${stack.name}'}}""";

    private static List<PolicyStatement> policy(String... documents) {
        String stack =
                "{'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'dev'},'spec':{'account':'123456789012',"
                        + "'region':'eu-west-2','include':['docs.json']}}";
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Map.of(
                        "dev/stack.json",
                        bytes(stack),
                        "dev/docs.json",
                        bytes("[" + String.join(",", documents) + "]")))
                .get("dev");
        return StackPolicy.of(TestKinds.all(), "inst", CompiledStack.valid(loaded));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static List<PolicyStatement> allowing(List<PolicyStatement> all, String action) {
        return all.stream().filter(s -> s.actions().contains(action)).toList();
    }

    @org.junit.jupiter.api.Test
    void tellsOwnThingsApartByTheStacksTag() {
        List<PolicyStatement> all = policy(VPC.formatted("Never"));

        assertThat(allowing(all, "ec2:DeleteVpc")).singleElement().satisfies(s -> {
            assertThat(s.resources()).containsExactly("arn:aws:ec2:eu-west-2:123456789012:vpc/*");
            assertThat(s.conditions()).containsOnlyKeys(ConditionTest.equal("aws:ResourceTag/holdfast:stack"));
            assertThat(s.conditions().values()).containsExactly(new java.util.TreeSet<>(Set.of("inst/dev")));
        });
        assertThat(allowing(all, "ec2:CreateVpc"))
                .singleElement()
                .satisfies(s -> assertThat(s.conditions())
                        .containsOnlyKeys(ConditionTest.equal("aws:RequestTag/holdfast:stack")));
        assertThat(allowing(all, "ec2:CreateTags")).hasSize(2);
    }

    @org.junit.jupiter.api.Test
    void asksForNoTagOfWhatIsToBeAdoptedAlone() {
        String adopted = VPC.formatted("IfUnowned','id':'vpc-0123456789abcdef0");
        assertThat(allowing(policy(adopted, VPC.formatted("Never").replace("main", "other")), "ec2:DeleteVpc"))
                .hasSize(2)
                .filteredOn(s -> s.conditions().isEmpty())
                .singleElement()
                .satisfies(s -> assertThat(s.resources())
                        .containsExactly("arn:aws:ec2:eu-west-2:123456789012:vpc/vpc-0123456789abcdef0"));
    }

    @org.junit.jupiter.api.Test
    void passesTheRolesThatAreNamedAndNoOthers() {
        assertThat(allowing(policy(ROLE, TASK), "iam:PassRole")).singleElement().satisfies(s -> {
            assertThat(s.resources())
                    .containsExactly(
                            "arn:aws:iam::123456789012:role/app/dev-task-????????",
                            "arn:aws:iam::123456789012:role/theirs");
            assertThat(s.conditions()).containsOnlyKeys(ConditionTest.equal("iam:PassedToService"));
        });
    }

    @org.junit.jupiter.api.Test
    void attachesOnlyThePoliciesThatAreDeclared() {
        assertThat(allowing(policy(ROLE), "iam:AttachRolePolicy"))
                .singleElement()
                .satisfies(s -> assertThat(s.conditions())
                        .containsOnlyKeys(
                                new ConditionTest("ArnLike", "iam:PolicyARN"),
                                ConditionTest.equal("iam:ResourceTag/holdfast:stack")));
    }

    @org.junit.jupiter.api.Test
    void needsForAFieldOnlyWhereItIsOwned() {
        assertThat(allowing(policy(LOG), "logs:PutRetentionPolicy")).isEmpty();
        assertThat(allowing(policy(LOG), "logs:DeleteLogGroup"))
                .singleElement()
                .satisfies(s ->
                        assertThat(s.resources()).contains("arn:aws:logs:eu-west-2:123456789012:log-group:/app/dev"));
    }

    @org.junit.jupiter.api.Test
    void listsWhatItHasNothingOf() {
        assertThat(allowing(policy(LOG), "ec2:DescribeVpcs")).hasSize(1);
        assertThat(allowing(policy(LOG), "ec2:DescribeVpcAttribute")).isEmpty();
    }

    @org.junit.jupiter.api.Test
    void aPublisherSignsWithTheKeyThatIsNamedAndNoOther() {
        StackSettings stack = FlatStack.of("prod").revision("prod").settings();
        String arn = "arn:aws:kms:eu-west-2:123456789012:key/";

        assertThat(OperatorPolicy.signer("0123-ab", stack).resources()).containsExactly(arn + "0123-ab");
        assertThat(OperatorPolicy.signer("arn:aws:kms:eu-west-1:1:key/x", stack))
                .satisfies(s -> {
                    assertThat(s.actions()).containsExactly("kms:GetPublicKey", "kms:Sign");
                    assertThat(s.resources()).containsExactly("arn:aws:kms:eu-west-1:1:key/x");
                    assertThat(s.conditions()).isEmpty();
                });
        assertThat(OperatorPolicy.signer("alias/publisher", stack)).satisfies(s -> {
            assertThat(s.resources()).containsExactly(arn + "*");
            assertThat(s.conditions()).containsOnlyKeys(ConditionTest.equal("kms:RequestAlias"));
            assertThat(s.conditions().values()).containsExactly(new java.util.TreeSet<>(Set.of("alias/publisher")));
        });
        assertThat(OperatorPolicy.signer("arn:aws:kms:eu-west-1:1:alias/p", stack)
                        .resources())
                .containsExactly("arn:aws:kms:eu-west-1:1:key/*");
    }

    @org.junit.jupiter.api.Test
    void aReaderMayChangeNothing() {
        List<PolicyStatement> reads = StackPolicy.reads(
                StackPolicy.of(TestKinds.all(), "inst", FlatStack.of("dev").revision("test")));

        assertThat(reads.stream().flatMap(s -> s.actions().stream()))
                .isNotEmpty()
                .allMatch(a -> a.matches("[a-z-0-9]+:(Describe|List|Get)[A-Z].*"));
    }

    @org.junit.jupiter.api.Test
    void splitsWhatIsLongerThanAPolicyMayBe() {
        List<PolicyStatement> all =
                StackPolicy.of(TestKinds.all(), "inst", FlatStack.of("dev").revision("test"));

        List<ObjectNode> documents = PolicySplitter.split(all);

        assertThat(PolicySplitter.size(PolicySplitter.document(all))).isGreaterThan(PolicySplitter.LIMIT);
        assertThat(documents)
                .hasSizeGreaterThan(1)
                .allSatisfy(d -> assertThat(PolicySplitter.size(d)).isLessThanOrEqualTo(6144));
        assertThat(documents.stream().mapToInt(d -> d.path("Statement").size()).sum())
                .isEqualTo(all.size());
    }

    /** An action in AWS's Service Authorization Reference. */
    private record Reference(Set<String> keys, Set<String> resources) {}

    /**
     * A condition with a key that AWS does not know for an action never holds, and an ARN of a type that the action
     * does not support allows nothing.
     */
    @org.junit.jupiter.api.Test
    void saysOnlyWhatAwsKnowsOfEachAction() throws IOException {
        Map<String, Reference> reference;
        try (InputStream in = getClass().getResourceAsStream("/iam/service-authorization.json")) {
            reference = new ObjectMapper().readValue(in, new TypeReference<>() {});
        }
        List<PolicyStatement> all =
                StackPolicy.of(TestKinds.all(), "inst", FlatStack.of("dev").revision("test"));
        for (PolicyStatement statement : all) {
            for (String action : statement.actions()) {
                Reference known = reference.get(action);
                assertThat(known).as(action + " in service-authorization.json").isNotNull();
                assertThat(known.keys())
                        .as(action)
                        .containsAll(statement.conditions().keySet().stream()
                                .map(ConditionTest::key)
                                .filter(k -> !k.equals("aws:RequestedRegion"))
                                .collect(Collectors.toSet()));
                if (!statement.resources().contains("*")) {
                    assertThat(statement.resources())
                            .as(action)
                            .anyMatch(arn -> known.resources().stream().anyMatch(pattern -> fits(pattern, arn)));
                }
            }
        }
    }

    /** Whether the part of the ARN before the name or id is that of the reference. */
    private static boolean fits(String pattern, String arn) {
        String type = pattern.replaceFirst("\\$\\{(?!Partition|Region|Account).*", "")
                .replace("${Partition}", "aws")
                .replace("${Region}", "eu-west-2")
                .replace("${Account}", "123456789012");
        String fixed = arn.endsWith("*") ? arn.substring(0, arn.indexOf('*')) : arn;
        return fixed.startsWith(type) || type.startsWith(fixed);
    }
}
