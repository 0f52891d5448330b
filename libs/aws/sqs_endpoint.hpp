// SqsEndpoint: where the requests for one queue go, and for which region they are signed. Pure.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {

struct SqsEndpoint {
    net::Url url;  // of the service: the requests of the JSON protocol name their queue in the body
    std::string queue_url;
    std::string queue_name;
    std::string region;

    // The service is at AWS_ENDPOINT_URL_SQS, else at AWS_ENDPOINT_URL, else at the host of the queue's URL, as the AWS
    // SDK for JavaScript does (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true leaves the first two out). The region is that
    // of an Amazon host name in the queue's URL, else AWS_REGION, else AWS_DEFAULT_REGION. All errors are
    // invalid_input: "sqs.queue_url_invalid" (want scheme://host/account/name), "sqs.endpoint_invalid",
    // "sqs.region_missing".
    static Result<SqsEndpoint> resolve(std::string_view queue_url, const Environment& environment);
};

}  // namespace orderflow::aws
