package dev.holdfast.twin;

import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A call that a {@link CallJudge} decides on.
 *
 * @param operation such as {@code ec2:CreateVpc}
 * @param actions the IAM actions that the operation needs
 * @param besides the additional actions that AWS checks because of the content of the request
 */
public record JudgedCall(
        String operation, List<String> actions, List<String> besides, SdkPojo input, String account, String region) {}
