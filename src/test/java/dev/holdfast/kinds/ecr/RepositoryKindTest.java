package dev.holdfast.kinds.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.kinds.KindHarness;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.RepositoryNotEmptyException;

class RepositoryKindTest {
    private static final String FULL = """
        {'imageTagMutability':'MUTABLE','imageScanningConfiguration':{'scanOnPush':true},
         'encryptionConfiguration':{'encryptionType':'AES256'},'lifecyclePolicy':{'rules':[
         {'rulePriority':1,'selection':{'tagStatus':'untagged','countType':'imageCountMoreThan','countNumber':9},
         'action':{'type':'expire'}}]},'repositoryPolicy':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
         'Principal':{'AWS':'123456789012'},'Action':'ecr:BatchGetImage'}]},'tags':{'a':'b'}}\
        """;
    private static final String NAME = "dev-it-0a1b2c3d";

    private final KindHarness<RepositoryKind.Spec> harness = new KindHarness<>(new RepositoryKind(), "repositoryName");
    private final EcrClient ecr = harness.twin.service("eu-west-2", EcrClient.class);

    @Test
    void createsAndThenWritesNothing() {
        harness.isCreatedByAndThenLeftAlone(FULL, "createRepository", "setRepositoryPolicy", "putLifecyclePolicy");

        assertThat(harness.known().outputs())
                .containsEntry("arn", "arn:aws:ecr:eu-west-2:123456789012:repository/" + NAME)
                .containsEntry("uri", "123456789012.dkr.ecr.eu-west-2.amazonaws.com/" + NAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'imageTagMutability':'IMMUTABLE'} | putImageTagMutability",
                "{'imageTagMutability':'IMMUTABLE_WITH_EXCLUSION','imageTagMutabilityExclusionFilters':[{'filter':'dev-*'}]} | putImageTagMutability",
                "{'imageScanningConfiguration':{'scanOnPush':false}} | putImageScanningConfiguration",
                "{'lifecyclePolicy':{}} | deleteLifecyclePolicy",
                "{'lifecyclePolicy':{'rules':[]}} | putLifecyclePolicy",
                "{'repositoryPolicy':{}} | deleteRepositoryPolicy",
                "{'repositoryPolicy':{'Statement':[]}} | setRepositoryPolicy",
                "{'tags':{'a':'c'}} | tagResource",
            })
    void aChangedFieldTakesItsOwnCall(String patch, String call) {
        harness.takesCalls(FULL, patch, call);
    }

    @Test
    void aLifecyclePolicyIsComparedByItsMeaning() {
        harness.desire(FULL, """
            {'lifecyclePolicy':{'rules':[
             {'rulePriority':2,'description':'','selection':{'tagStatus':'tagged','tagPrefixList':['b','a'],
              'countType':'sinceImagePushed','countUnit':'days','countNumber':14},'action':{'type':'expire'}},
             {'rulePriority':1,'selection':{'tagStatus':'untagged','countType':'imageCountMoreThan','countNumber':9},
              'action':{'type':'expire'}}]}}""").converge();

        ecr.putLifecyclePolicy(r -> r.repositoryName(NAME).lifecyclePolicyText("""
                    { "rules": [ { "selection": { "countNumber": 9, "tagStatus": "untagged",
                        "countType": "imageCountMoreThan" }, "rulePriority": 1, "action": { "type": "expire" } },
                      { "rulePriority": 2, "action": { "type": "expire" }, "selection": { "tagStatus": "tagged",
                        "countNumber": 14, "tagPrefixList": ["a", "b"], "countUnit": "days",
                        "countType": "sinceImagePushed" } } ] }
                    """));

        assertThat(harness.diff().isEmpty()).isTrue();
    }

    @Test
    void encryptionCannotChange() {
        harness.cannotChange(FULL, "{'encryptionConfiguration':{'encryptionType':'KMS'}}");
    }

    @Test
    void theKeyThatAwsKeepsIsNoDrift() {
        harness.desire("{'encryptionConfiguration':{'encryptionType':'KMS'}}").converge();

        assertThat(harness.known().spec().encryptionConfiguration().kmsKey()).startsWith("arn:aws:kms:");
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(FULL).converge();
        String arn = (String) harness.known().outputs().get("arn");

        ecr.deleteLifecyclePolicy(r -> r.repositoryName(NAME));
        ecr.setRepositoryPolicy(r -> r.repositoryName(NAME).policyText("{\"Statement\":[]}"));
        ecr.putImageTagMutability(r -> r.repositoryName(NAME).imageTagMutability(ImageTagMutability.IMMUTABLE));
        ecr.tagResource(r -> r.resourceArn(arn)
                .tags(t -> t.key("a").value("x"), t -> t.key("theirs").value("1")));

        assertThat(harness.diff().changed())
                .containsExactlyInAnyOrder("lifecyclePolicy", "repositoryPolicy", "imageTagMutability", "tags");
        harness.converge();
        assertThat(harness.known().identity().tags()).containsEntry("theirs", "1");
    }

    @Test
    void filtersThatAreDesiredNoLongerAreTakenOff() {
        String excluding =
                "{'imageTagMutability':'MUTABLE_WITH_EXCLUSION','imageTagMutabilityExclusionFilters':[{'filter':'v*'}]}";
        harness.desire(excluding).converge();

        harness.desire("{'imageTagMutability':'MUTABLE','imageTagMutabilityExclusionFilters':[]}")
                .converge();

        assertThat(harness.known().spec().imageTagMutabilityExclusionFilters()).isEmpty();
    }

    /** A document with the new mode cannot name the filters any more. */
    @Test
    void filtersThatNoDocumentNamesGoWithTheirMode() {
        harness.desire("{'imageTagMutability':'IMMUTABLE_WITH_EXCLUSION','imageTagMutabilityExclusionFilters':"
                        + "[{'filter':'dev-*'}]}")
                .converge();

        harness.desire("{'imageTagMutability':'IMMUTABLE'}").converge();

        assertThat(harness.known().spec().imageTagMutability()).isEqualTo(ImageTagMutability.IMMUTABLE);
        assertThat(harness.known().spec().imageTagMutabilityExclusionFilters()).isNullOrEmpty();
    }

    @Test
    void removesTagsThatWereOursOnce() {
        harness.takesOffTagsThatWereOurs(FULL);
    }

    @Test
    void aStrangerThatHoldsTheNameIsSeenWithItsTags() {
        ecr.createRepository(r -> r.repositoryName(NAME).tags(t -> t.key("by").value("hand")));
        harness.seesTheStranger(FULL, Map.of("by", "hand"));
    }

    @Test
    void tagsTakeNoReadWhereTheIndexSaysWhatIsDesired() {
        harness.isReadBy(FULL, true, "describeRepositoriesPaginator", "getLifecyclePolicy", "getRepositoryPolicy");
    }

    @Test
    void isDeletedWhenItIsEmptyAndOnlyThen() {
        harness.desire(FULL).converge();
        ecr.putImage(r -> r.repositoryName(NAME).imageTag("1").imageManifest("{}"));
        assertThatExceptionOfType(RepositoryNotEmptyException.class)
                .isThrownBy(harness::delete)
                .withMessageContaining("still contains images");

        ecr.batchDeleteImage(r -> r.repositoryName(NAME).imageIds(i -> i.imageTag("1")));

        assertThat(harness.delete()).isEqualTo(1);
        assertThat(harness.inventory()).isEmpty();
    }
}
