// The password of a role that signs in to Amazon RDS or Aurora with IAM: a signed request that is never sent.
// Source: Amazon Aurora User Guide, "Connecting to your DB cluster using IAM authentication".
#pragma once

#include <chrono>
#include <string>

#include "libs/aws/credentials.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"

namespace orderflow::aws {

struct DatabaseLogin {
    std::string host;  // of the cluster or instance itself: another name of it is refused
    std::string port;
    std::string user;
    std::string region;
};

// A connection may begin with it; those that did go on.
inline constexpr std::chrono::seconds database_token_time{900};

// Errors: those of Signer.
Result<std::string> database_token(const DatabaseLogin& login, const Credentials& credentials, WallTime at);

}  // namespace orderflow::aws
