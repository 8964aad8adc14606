package dev.holdfast.twin.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** The results of the entries of a batch. */
record Batches<T>(List<T> successful, List<BatchResultErrorEntry> failed) {
    /** @throws SqsException if the batch itself is invalid; an exception for an entry fails only that entry */
    static <E, T> Batches<T> each(List<E> entries, Function<E, String> id, Function<E, T> one) {
        if (entries.isEmpty()) {
            throw SqsErrors.named(
                    EmptyBatchRequestException.builder(),
                    "EmptyBatchRequest",
                    "There should be at least one entry in the request.");
        }
        if (entries.size() > 10) {
            throw SqsErrors.named(
                    TooManyEntriesInBatchRequestException.builder(),
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are 10. You have sent " + entries.size() + ".");
        }
        if (entries.stream().map(id).distinct().count() < entries.size()) {
            throw SqsErrors.named(
                    BatchEntryIdsNotDistinctException.builder(),
                    "BatchEntryIdsNotDistinct",
                    "Two or more batch entries in the request have the same Id.");
        }
        Batches<T> done = new Batches<>(new ArrayList<>(), new ArrayList<>());
        for (E entry : entries) {
            try {
                done.successful.add(one.apply(entry));
            } catch (SqsException e) {
                done.failed.add(BatchResultErrorEntry.builder()
                        .id(id.apply(entry))
                        .code(e.awsErrorDetails().errorCode().replace(SqsErrors.PREFIX, ""))
                        .message(e.awsErrorDetails().errorMessage())
                        .senderFault(true)
                        .build());
            }
        }
        return done;
    }
}
