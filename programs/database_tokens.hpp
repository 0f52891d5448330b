// DatabaseTokens: the passwords of a role that signs in to its database with IAM, one for each connection.
#pragma once

#include <memory>
#include <string>

#include "libs/aws/database_token.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"

namespace orderflow {

class DatabaseTokens {
  public:
    // Credentials come from the standard chain, as `environment` says; nobody is asked yet. A thread of its own runs
    // from the first get() on.
    DatabaseTokens(aws::DatabaseLogin login, Environment environment);
    ~DatabaseTokens();
    DatabaseTokens(const DatabaseTokens&) = delete;
    DatabaseTokens& operator=(const DatabaseTokens&) = delete;

    // Good for aws::database_token_time. Blocks for as long as credentials take, at most credentials_time. Any thread.
    // Errors, of kind unavailable, as those who connect again expect it: "database.credentials".
    Result<std::string> get();

    static constexpr std::chrono::seconds credentials_time{5};

  private:
    struct State;
    const aws::DatabaseLogin login_;
    const std::unique_ptr<State> state_;
};

}  // namespace orderflow
