#include "queue-service/protocol/sqs_call.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orderflow::sqs {

std::string queue_url(const SqsCall& call, std::string_view name) {
    return fmt::format("{}/{}/{}", call.base_url, call.scope.account, name);
}

Outcome<queue::QueueName> parse_queue_url(const SqsCall& call, std::string_view url) {
    const auto refused = [url] {
        return refuse(Fault::invalid_address,
                      fmt::format("The address {} is not valid for this endpoint.", shown(url)));
    };
    auto path = url;
    if (const auto scheme = path.find("://"); scheme != std::string_view::npos) {
        path.remove_prefix(scheme + 3);
        path.remove_prefix(std::min(path.find('/'), path.size()));
    }
    if (!path.starts_with('/')) return refused();
    path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return refused();
    const auto account = path.substr(0, slash);
    const auto name = path.substr(slash + 1);
    if (account.empty() || name.empty() || name.contains('/')) return refused();
    if (account != call.scope.account) return refuse(no_such_queue());
    return queue::QueueName{call.scope, std::string(name)};
}

}  // namespace orderflow::sqs
