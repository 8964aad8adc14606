package dev.holdfast.kinds.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.PolicyDocuments;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * IAM ignores the case of an action; {@code *} stands for any text, and {@code ?} for one character.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html">Action</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html">NotAction</a>
 */
class KeyPoliciesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Action':'kms:PutKeyPolicy' | true",
                "'Action':'KMS:putkeypolicy' | true",
                "'Action':['kms:Decrypt','kms:Put*'] | true",
                "'Action':'*' | true",
                "'Action':'kms:Put?eyPolicy' | true",
                "'Action':'kms:P?tKeyPol*' | true",
                "'Action':'k?s:????????????' | true",
                "'Action':'kms:PutKeyPolicy?' | false",
                "'Action':'kms:PutKey?olic' | false",
                "'Action':'kms:Put?KeyPolicy' | false",
                "'Action':'kms.PutKeyPolicy' | false",
                "'Action':'kms:Get*' | false",
                // All actions except for those that are named.
                "'NotAction':'kms:ScheduleKeyDeletion' | true",
                "'NotAction':['kms:Decrypt','kms:Put?eyPolicy'] | false",
                "'NotAction':'kms:*' | false"
            })
    void aPolicyThatCanBeReplaced(String actions, boolean can) {
        assertThat(KeyPolicies.canBeReplaced(PolicyDocuments.parse(("{'Version':'2012-10-17','Statement':[{"
                                + "'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:root'},"
                                + actions + ",'Resource':'*'}]}")
                        .replace('\'', '"'))))
                .isEqualTo(can);
    }
}
