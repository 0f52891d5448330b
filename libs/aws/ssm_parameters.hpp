// SsmParameters: values of AWS Systems Manager's Parameter Store, decrypted, for a program that nobody hands them to.
// Source: AWS Systems Manager API Reference, "GetParameters".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/aws/aws_caller.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::aws {

struct SsmEndpoint {
    net::Url url;
    std::string region;

    // AWS_ENDPOINT_URL_SSM, else AWS_ENDPOINT_URL, else the region's own; the region is AWS_REGION, else
    // AWS_DEFAULT_REGION. invalid_input "ssm.region_missing", "ssm.endpoint_invalid". Pure.
    static Result<SsmEndpoint> resolve(const Environment& environment);
};

// One call takes so many.
inline constexpr std::size_t ssm_names_max = 10;

// For one loop, which is the transport's.
class SsmParameters {
  public:
    SsmParameters(AwsCaller::Parts parts, SsmEndpoint endpoint);

    // All of them, by name, up to ssm_names_max (an invariant); asked for again, until `deadline`, while the service
    // stumbles, asks for less or cannot be reached. Values are secret: they stand in no error. Errors are those of
    // AwsCaller::call() with "ssm." before their codes, of read_parameters(), and:
    //   unauthorized  "ssm.unauthorized"  credentials, signature, policy, key; with AWS's own sentence
    //   throttled     "ssm.throttled"
    //   invalid_input "ssm.refused"       anything else that AWS has against the question
    task<Result<std::map<std::string, std::string>>> get(std::vector<std::string> names, Instant deadline);

  private:
    AwsCaller caller_;
};

// Both pure, for get(). Parameters that are not there: not_found "ssm.parameter_missing", which names them. A text that
// is no such answer: unavailable "ssm.outcome_unknown".
std::string write_get_parameters(const std::vector<std::string>& names);
Result<std::map<std::string, std::string>> read_parameters(std::string_view answer,
                                                           const std::vector<std::string>& names);

}  // namespace orderflow::aws
