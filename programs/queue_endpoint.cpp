#include "programs/queue_endpoint.hpp"

#include <algorithm>
#include <utility>

#include "programs/settings.hpp"

namespace orderflow {
namespace {

constexpr std::string_view account_default = "000000000000";
constexpr std::size_t account_digits = 12;

bool is_account(std::string_view text) {
    return text.size() == account_digits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::unique_ptr<sqs::RequestAuthenticator> authenticator_of(const Clock& clock,
                                                            const std::optional<aws::Credentials>& credentials) {
    if (!credentials) return std::make_unique<sqs::LoopbackOnly>();
    return std::make_unique<sqs::SignedOnly>(std::vector<aws::Credentials>{*credentials}, clock);
}

}  // namespace

QueueEndpointConfig read_queue_endpoint_config(SettingsReader& settings) {
    QueueEndpointConfig config;
    config.listen = read_listen(settings, queue_listen_setting, queue_listen_default);
    config.account = settings.text("ORDERFLOW_SQS_ACCOUNT_ID", account_default);
    if (!is_account(config.account)) settings.refuse("ORDERFLOW_SQS_ACCOUNT_ID", "expected 12 digits");
    config.cooldowns = settings.flag("ORDERFLOW_SQS_COOLDOWNS", true);
    auto id = settings.optional_text("ORDERFLOW_SQS_ACCESS_KEY_ID");
    auto secret = settings.optional_text("ORDERFLOW_SQS_SECRET_ACCESS_KEY");
    if (id.has_value() != secret.has_value()) {
        settings.refuse(id ? "ORDERFLOW_SQS_SECRET_ACCESS_KEY" : "ORDERFLOW_SQS_ACCESS_KEY_ID",
                        "it is missing: a key has an id and a secret");
    } else if (id) {
        config.credentials.emplace();
        config.credentials->access_key_id = *std::move(id);
        config.credentials->secret_access_key = *std::move(secret);
    }
    const auto address = net::ListenAddress::parse(config.listen);
    if (!config.credentials && address && !address->is_loopback()) {
        settings.refuse("ORDERFLOW_SQS_LISTEN",
                        "'" + config.listen +
                            "' can be reached from other machines: set ORDERFLOW_SQS_ACCESS_KEY_ID and "
                            "ORDERFLOW_SQS_SECRET_ACCESS_KEY, or listen on 127.0.0.1");
    }
    return config;
}

std::string queue_endpoint_help() {
    return "  ORDERFLOW_SQS_LISTEN     host:port of the Amazon SQS endpoint; port 0 picks one [127.0.0.1:9324]\n"
           "  ORDERFLOW_SQS_ACCOUNT_ID account of the queues, 12 digits               [000000000000]\n"
           "  ORDERFLOW_SQS_ACCESS_KEY_ID, ORDERFLOW_SQS_SECRET_ACCESS_KEY\n"
           "                           who may use the queues            [everybody on this machine]\n"
           "  ORDERFLOW_SQS_COOLDOWNS  off: queues may be purged and created again within 60 s  [on]\n";
}

QueueEndpoint::QueueEndpoint(Parts parts, const QueueEndpointConfig& config, std::vector<net::Route> more_routes)
    : observer_(parts.metrics, parts.log),
      authenticator_(authenticator_of(parts.clock, config.credentials)),
      loop_(parts.clock, 1, "sqs") {
    sqs::SqsEndpointConfig endpoint;
    endpoint.listen = net::ListenAddress::parse(config.listen).value();
    endpoint.account = config.account;
    endpoint.http = http_limits();
    endpoint.more_routes = std::move(more_routes);
    endpoint_ = std::make_unique<sqs::SqsEndpoint>(sqs::SqsEndpoint::Parts{.runtime = loop_,
                                                                           .clock = parts.clock,
                                                                           .entropy = parts.entropy,
                                                                           .queues = parts.queues,
                                                                           .authenticator = *authenticator_,
                                                                           .observer = observer_,
                                                                           .actions = &observer_},
                                                   std::move(endpoint));
}

QueueEndpoint::~QueueEndpoint() { stop({}); }

Result<void> QueueEndpoint::start() {
    loop_.start();
    return endpoint_->start();
}

void QueueEndpoint::stop(BootClock::duration drain) {
    if (std::exchange(stopped_, true)) return;
    endpoint_->stop(drain);
    loop_.stop();
}

}  // namespace orderflow
