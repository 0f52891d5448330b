#include "queue-service/protocol/permission_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "libs/net/ascii.hpp"
#include "queue-service/protocol/batch_entries.hpp"

namespace orderflow::sqs {

namespace {

constexpr std::size_t actions_max = 7;
constexpr std::size_t account_digits = 12;
constexpr json::ParseLimits policy_limits{.bytes = queue::limits::policy_bytes_max};

constexpr auto allowed_actions = std::to_array<std::string_view>(
    {"*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues",
     "PurgeQueue", "ReceiveMessage", "SendMessage"});

std::unexpected<SqsError> unreadable() {
    return refuse(Fault::invalid_parameter_value, "The policy of the queue cannot be changed: it is not understood.");
}

// The statements of a policy; none for a policy that is not there.
Outcome<std::vector<const json::Value*>> statements(const json::Document& policy) {
    std::vector<const json::Value*> all;
    if (policy.root().is_null()) return all;
    const auto* const list = policy.find("Statement");
    if (list == nullptr) return unreadable();
    if (list->object() != nullptr) {
        all.push_back(list);
    } else if (const auto* const items = list->array()) {
        for (const auto& item : *items) all.push_back(&item);
    } else {
        return unreadable();
    }
    return all;
}

Outcome<json::Document> read(std::string_view policy) {
    if (policy.empty()) return json::Document();
    auto document = json::parse(policy, policy_limits);
    if (!document) return unreadable();
    return *std::move(document);
}

bool has_label(const json::Value& statement, std::string_view label) {
    const auto* const sid = statement.find("Sid");
    return sid != nullptr && sid->string() != nullptr && *sid->string() == label;
}

Outcome<void> check(const AddPermission& request) {
    if (request.label.size() > limits::batch_entry_id_max || !is_entry_id(request.label)) {
        return refuse(invalid_value(request.label, "Label",
                                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in "
                                    "length."));
    }
    if (request.actions.size() > actions_max) {
        return refuse(Fault::over_limit, fmt::format("{} Actions were found, maximum allowed is {}.",
                                                     request.actions.size(), actions_max));
    }
    for (const auto& action : request.actions) {
        if (std::ranges::find(allowed_actions, action) == allowed_actions.end()) {
            return refuse(invalid_value(action, "ActionName",
                                        "Please refer to the appropriate WSDL for a list of "
                                        "valid actions."));
        }
    }
    for (const auto& account : request.accounts) {
        if (account.size() != account_digits || !std::ranges::all_of(account, net::is_digit)) {
            return refuse(invalid_value(account, "PrincipalId", "Unable to verify."));
        }
    }
    return {};
}

template <class Texts>
void write_one_or_list(json::Writer& out, const Texts& texts) {
    if (texts.size() == 1) {
        out.string(texts.front());
        return;
    }
    out.begin_array();
    for (const auto& text : texts) out.string(text);
    out.end_array();
}

void write_statement(json::Writer& out, std::string_view queue_arn, const AddPermission& request) {
    std::vector<std::string> principals;
    for (const auto& account : request.accounts) principals.push_back(fmt::format("arn:aws:iam::{}:root", account));
    std::vector<std::string> actions;
    for (const auto& action : request.actions) actions.push_back("SQS:" + action);
    out.begin_object().key("Sid").string(request.label).key("Effect").string("Allow");
    out.key("Principal").begin_object().key("AWS");
    write_one_or_list(out, principals);
    out.end_object().key("Action");
    write_one_or_list(out, actions);
    out.key("Resource").string(queue_arn).end_object();
}

// The members of the policy as they were, with other statements.
template <class WriteStatements>
std::string rewritten(const json::Document& policy, std::string_view queue_arn, WriteStatements write_statements) {
    json::Writer out;
    out.begin_object();
    if (const auto* const members = policy.root().object()) {
        for (const auto& member : *members) {
            if (member.name != "Statement") out.key(member.name).value(member.value);
        }
    } else {
        out.key("Version").string("2008-10-17").key("Id").string(std::string(queue_arn) + "/SQSDefaultPolicy");
    }
    out.key("Statement").begin_array();
    write_statements(out);
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace

Outcome<std::string> with_permission(std::string_view policy, std::string_view queue_arn,
                                     const AddPermission& request) {
    if (auto valid = check(request); !valid) return refuse(std::move(valid).error());
    const auto document = read(policy);
    if (!document) return refuse(document.error());
    const auto known = statements(*document);
    if (!known) return refuse(known.error());
    for (const auto* const statement : *known) {
        if (has_label(*statement, request.label)) {
            return refuse(invalid_value(request.label, "Label", "Already exists."));
        }
    }
    return rewritten(*document, queue_arn, [&](json::Writer& out) {
        for (const auto* const statement : *known) out.value(*statement);
        write_statement(out, queue_arn, request);
    });
}

Outcome<std::string> without_permission(std::string_view policy, std::string_view label) {
    const auto document = read(policy);
    if (!document) return refuse(document.error());
    const auto known = statements(*document);
    if (!known) return refuse(known.error());
    const auto labelled = std::ranges::count_if(*known, [label](const auto* s) { return has_label(*s, label); });
    if (labelled == 0) return refuse(invalid_value(label, "Label", "Can't find label on existing policy."));
    if (static_cast<std::size_t>(labelled) == known->size()) return std::string();
    return rewritten(*document, {}, [&](json::Writer& out) {
        for (const auto* const statement : *known) {
            if (!has_label(*statement, label)) out.value(*statement);
        }
    });
}

}  // namespace orderflow::sqs
