#include "queue-service/engine/queue_name.hpp"

#include <algorithm>
#include <array>

#include "queue-service/engine/limits.hpp"

namespace orderflow::queue {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_scope_character(char c) { return is_letter_or_digit(c) || c == '-'; }
bool is_name_character(char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; }

bool is_scope_part(std::string_view text) {
    return !text.empty() && text.size() <= limits::scope_part_max && std::ranges::all_of(text, is_scope_character);
}

std::string_view partition_of(std::string_view region) {
    if (region.starts_with("cn-")) return "aws-cn";
    return region.starts_with("us-gov-") ? "aws-us-gov" : "aws";
}

}  // namespace

const QueueScope& default_scope() {
    static const QueueScope scope{.region = "us-east-1", .account = "000000000000"};
    return scope;
}

Result<void> validate(const QueueName& name) {
    if (name.name.empty() || name.name.size() > limits::queue_name_max ||
        !std::ranges::all_of(name.name, is_name_character)) {
        return fail(ErrorKind::invalid_input, "queue.name_invalid");
    }
    if (!is_scope_part(name.scope.region) || !is_scope_part(name.scope.account)) {
        return fail(ErrorKind::invalid_input, "queue.scope_invalid");
    }
    return {};
}

std::string to_arn(const QueueName& name) {
    std::string arn = "arn:";
    arn += partition_of(name.scope.region);
    for (const auto part : {std::string_view("sqs"), std::string_view(name.scope.region),
                            std::string_view(name.scope.account), std::string_view(name.name)}) {
        arn += ':';
        arn += part;
    }
    return arn;
}

Result<QueueName> parse_arn(std::string_view arn) {
    std::array<std::string_view, 6> parts;  // arn, partition, service, region, account, name
    auto rest = arn;
    for (auto& part : parts) {
        const auto end = std::min(rest.find(':'), rest.size());
        part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    QueueName name{.scope = {.region = std::string(parts[3]), .account = std::string(parts[4])},
                   .name = std::string(parts[5])};
    if (!validate(name) || to_arn(name) != arn) return fail(ErrorKind::invalid_input, "queue.arn_invalid");
    return name;
}

}  // namespace orderflow::queue
