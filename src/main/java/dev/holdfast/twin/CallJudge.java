package dev.holdfast.twin;

import org.jspecify.annotations.Nullable;

/** Decides whether a caller may make a call whose request has been read. */
@FunctionalInterface
public interface CallJudge {
    /** @return an IAM action that the caller lacks; null permits the call */
    @Nullable
    String lacks(JudgedCall call);
}
