package dev.holdfast.twin;

import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A call that a {@link CallJudge} decides on.
 *
 * @param operation such as {@code ec2:CreateVpc}
 * @param actions the IAM actions that the operation needs
 * @param besides the further actions that AWS checks for the content of this request
 */
public record JudgedCall(
        String operation, List<String> actions, List<String> besides, SdkPojo input, String account, String region) {}
