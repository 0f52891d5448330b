#include "programs/sqs_queues.hpp"

#include <fmt/format.h>

#include <utility>

#include "libs/async/spawner.hpp"

namespace orderflow {
namespace {

// A queue server on this machine that knows no credentials takes any signature (queue-service/README.md).
aws::Credentials local_credentials() {
    aws::Credentials credentials;
    credentials.access_key_id = "local";
    credentials.secret_access_key = "local";
    credentials.origin = "none: the queues are on this machine";
    return credentials;
}

// `answered` outlives it: the caller waits.
task<void> ask_into(Spawner spawn, Executor& timers, std::vector<NamedQueue> queues, Instant until,
                    std::promise<std::vector<QueueAnswer>>& answered) {
    answered.set_value(co_await ask_queues(std::move(spawn), timers, std::move(queues), until));
}

bool is_local(const net::Url& url) {
    return url.host == "localhost" || url.host.starts_with("127.") || url.host == "::1";
}

}  // namespace

SqsQueues::SqsQueues(Parts parts) : parts_(parts) {}

Result<std::unique_ptr<SqsQueues>> SqsQueues::open(Parts parts, const QueueUrls& urls) {
    std::unique_ptr<SqsQueues> queues(new SqsQueues(parts));
    if (auto opened = queues->open(urls); !opened) return fail(std::move(opened).error());
    return queues;
}

Result<void> SqsQueues::open(const QueueUrls& urls) {
    auto identity = AwsIdentity::open(parts_);
    if (!identity) return fail(std::move(identity).error());
    identity_ = *std::move(identity);
    for (const auto& [name, url, out] : {std::tuple{orders::orders_queue, &urls.orders, &orders_},
                                         std::tuple{orders::commands_queue, &urls.commands, &commands_},
                                         std::tuple{orders::letters_queue, &urls.dead_letters, &dead_letters_}}) {
        auto queue = open_queue(name, *url);
        if (!queue) return fail(std::move(queue).error());
        *out = *std::move(queue);
    }
    if (all_local_) identity_->needs_none();
    return {};
}

Result<std::unique_ptr<aws::SqsMessageQueue>> SqsQueues::open_queue(const std::string& name, const std::string& url) {
    auto environment = parts_.environment;
    // What our own queue-service has when nothing is said; AWS wants it to be said.
    if (url.starts_with("http://")) environment.emplace("AWS_REGION", "us-east-1");
    auto endpoint = aws::SqsEndpoint::resolve(url, environment);
    if (!endpoint) return fail(std::move(endpoint).error());
    all_local_ = all_local_ && is_local(endpoint->url);
    endpoints_.emplace(name, *endpoint);
    return std::make_unique<aws::SqsMessageQueue>(Spawner(parts_.loop.loop()), caller_parts(), *std::move(endpoint));
}

aws::SqsCaller::Parts SqsQueues::caller_parts() {
    return {identity_->transport(), [this](Instant deadline) { return credentials(deadline); }, parts_.loop.executor(),
            parts_.clock, parts_.entropy};
}

std::unique_ptr<aws::SqsCaller> SqsQueues::make_caller(const std::string& name, const aws::SqsRetryPolicy& policy) {
    return std::make_unique<aws::SqsCaller>(caller_parts(), endpoints_.at(name), policy);
}

task<Result<aws::Credentials>> SqsQueues::credentials(Instant deadline) {
    auto found = co_await identity_->credentials(deadline);
    if (!found && all_local_ && found.error().code() == "credentials.not_configured") co_return local_credentials();
    co_return found;
}

std::vector<QueueAnswer> SqsQueues::ask_all(BootClock::duration within) {
    std::promise<std::vector<QueueAnswer>> answered;
    auto& loop = parts_.loop;
    loop.spawn(ask_into(Spawner(loop.loop()), loop.executor(), named(), parts_.clock.now() + within, answered));
    return answered.get_future().get();
}

std::string SqsQueues::description() const {
    std::string text;
    for (const auto& [name, endpoint] : endpoints_) {
        text += fmt::format("  {:<16} {} (region {})\n", name, endpoint.queue_url, endpoint.region);
    }
    return text;
}

task<void> SqsQueues::find_origin(std::promise<Result<std::string>>& found) {
    constexpr auto patience = 1s;  // the queues were asked before, and they wait for credentials too
    auto known = co_await credentials(parts_.clock.now() + patience);
    found.set_value(known ? Result<std::string>(known->origin) : fail(std::move(known).error()));
}

SqsQueues::Checked SqsQueues::check() {
    const auto answers = ask_all(check_time);
    std::promise<Result<std::string>> found;
    parts_.loop.spawn(find_origin(found));
    const auto origin = found.get_future().get();
    const auto told = origin ? *origin : origin.error().code() + ": " + origin.error().detail();
    return {fmt::format("{}  {:<16} {}\n{}", description(), "credentials", told, to_text(answers)),
            origin && all_well(answers)};
}

}  // namespace orderflow
