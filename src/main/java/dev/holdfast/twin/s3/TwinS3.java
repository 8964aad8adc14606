package dev.holdfast.twin.s3;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** The twin of S3Client, as far as the kinds need it. */
public final class TwinS3 implements S3Client, TwinService {
    private final TwinContext context;

    public TwinS3(TwinContext context) {
        this.context = context;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return List.of();
    }
}
