#include "programs/database_tokens.hpp"

#include <future>
#include <mutex>
#include <utility>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "programs/aws_identity.hpp"

namespace orderflow {

namespace {

using Known = Result<aws::Credentials>;

// Both outlive it: the caller waits.
task<void> find(AwsIdentity& identity, Instant deadline, std::promise<Known>& found) {
    found.set_value(co_await identity.credentials(deadline));
}

}  // namespace

struct DatabaseTokens::State {
    explicit State(Environment e) : environment(std::move(e)) {}
    ~State() {
        loop.stop();
        if (identity) identity->close();
    }

    Known credentials() {
        {
            const std::scoped_lock one(starting);
            if (!identity) {
                auto opened = AwsIdentity::open({loop, clock, entropy, log, environment});
                if (!opened) return fail(std::move(opened).error());
                identity = *std::move(opened);
                loop.start();
            }
        }
        std::promise<Known> found;
        loop.spawn(find(*identity, clock.now() + credentials_time, found));
        return found.get_future().get();
    }

    const Environment environment;
    SystemClock clock;
    crypto::SystemEntropy entropy;
    std::unique_ptr<observe::LogSink> sink = observe::make_stream_sink(observe::LogStream::standard_error);
    observe::Logger log{clock, *sink, observe::LogLevel::warn};
    std::mutex starting;
    std::unique_ptr<AwsIdentity> identity;
    net::Runtime loop{clock, 1, "db-login"};  // last: its coroutines refer to everything above
};

DatabaseTokens::DatabaseTokens(aws::DatabaseLogin login, Environment environment)
    : login_(std::move(login)), state_(std::make_unique<State>(std::move(environment))) {}

DatabaseTokens::~DatabaseTokens() = default;

Result<std::string> DatabaseTokens::get() {
    const auto credentials = state_->credentials();
    auto token = credentials ? aws::database_token(login_, *credentials, state_->clock.wall())
                             : Result<std::string>(fail(credentials.error()));
    if (token) return token;
    return fail(ErrorKind::unavailable, "database.credentials",
                "no token to sign in to the database: " + token.error().code() + " " + token.error().detail());
}

}  // namespace orderflow
