// Credentials: what requests to AWS are signed with.
#pragma once

#include <optional>
#include <string>

#include "libs/base/clock.hpp"

namespace orderflow::aws {

struct Credentials {
    std::string access_key_id;
    std::string secret_access_key;         // never in a log, an error or a file of ours
    std::string session_token{};           // empty for credentials of a user
    std::optional<WallTime> expires_at{};  // nothing: never
    std::string origin{};                  // where they are from, for people: "environment", "profile default"
};

}  // namespace orderflow::aws
