#include "libs/contract/order_timeline.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/contract/order_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {
namespace {

using json::Writer;
using orders::EffectState;
using orders::EventType;

// One line of the timeline: its members without the braces that hold them.
struct Entry {
    Entry(WallTime when, std::string_view k) : at(when) {
        content.begin_object().key("kind").string(k).key("at").string(to_timestamp(when));
    }
    WallTime at;
    Writer content;
};

std::string_view state_name(EffectState state) {
    switch (state) {
        case EffectState::started: return "started";
        case EffectState::captured: return "captured";
        case EffectState::declined: return "declined";
        case EffectState::refunded: return "refunded";
        case EffectState::voided: return "voided";
    }
    return "";
}

Entry event_entry(const orders::OrderEvent& event, WallTime at) {
    Entry entry(at, "event");
    entry.content.key("version").integer(event.version).key("type").string(to_string(event.type));
    if (!event.code.empty()) entry.content.key("code").string(event.code);
    if (!event.detail.empty()) entry.content.key("detail").string(event.detail);
    return entry;
}

// What an event of the inventory moved: all lines at once, summed by SKU.
Entry stock_entry(const orders::Order& order, EventType type, WallTime at) {
    std::map<orders::Sku, std::int64_t> pieces;
    for (const auto& line : order.draft->lines) pieces[line.sku] += line.quantity;
    Entry entry(at, "stock");
    entry.content.key("moves").begin_array();
    for (const auto& [sku, quantity] : pieces) {
        entry.content.begin_object().key("sku").string(sku.value());
        entry.content.key("reserved")
            .integer(type == EventType::inventory_reserved ? quantity : -quantity)
            .end_object();
    }
    entry.content.end_array();
    return entry;
}

// What a fulfilment took: no longer reserved, no longer there.
Entry shipped_entry(const orders::Fulfillment& fulfillment, WallTime at) {
    Entry entry(at, "stock");
    entry.content.key("moves").begin_array();
    for (const auto& line : fulfillment.lines) {
        entry.content.begin_object().key("sku").string(line.sku.value()).key("reserved").integer(-line.quantity);
        entry.content.key("shipped").integer(line.quantity).end_object();
    }
    entry.content.end_array().key("fulfillment").string(fulfillment.command_id);
    if (fulfillment.carrier) entry.content.key("carrier").string(*fulfillment.carrier);
    if (fulfillment.tracking_number) entry.content.key("tracking_number").string(*fulfillment.tracking_number);
    return entry;
}

Entry attempt_entry(const orders::PaymentEffect& effect, std::string_view name) {
    Entry entry(effect.started_at, "payment_attempt");
    entry.content.key("effect").string(name).key("key").string(effect.key.value).key("amount").integer(effect.amount);
    entry.content.key("state").string(state_name(effect.state));
    if (!effect.provider_reference.empty()) entry.content.key("reference").string(effect.provider_reference);
    return entry;
}

Entry posting_entry(const orders::LedgerPosting& posting) {
    Entry entry(posting.at, "posting");
    entry.content.key("key").string(posting.effect.value).key("debit").string(posting.debit);
    entry.content.key("credit").string(posting.credit).key("amount").integer(posting.amount);
    return entry;
}

Entry letter_entry(const orders::StoredDeadLetter& letter) {
    Entry entry(letter.at, "dead_letter");
    entry.content.key("number").integer(letter.number).key("state").string(to_string(letter.state));
    entry.content.key("code").string(letter.letter.code).key("detail").string(letter.letter.detail);
    entry.content.key("queue").string(letter.letter.queue).key("receive_count").integer(letter.letter.receive_count);
    entry.content.key("sent_at").string(to_timestamp(letter.letter.sent_at));
    return entry;
}

Entry delivery_entry(const orders::EventDelivery& delivery) {
    Entry entry(delivery.at, "delivery");
    entry.content.key("number").integer(delivery.number).key("webhook").string(delivery.endpoint);
    entry.content.key("version").integer(delivery.version);
    if (delivery.type) entry.content.key("type").string(to_string(*delivery.type));
    entry.content.key("attempt").integer(delivery.attempt).key("state").string(to_string(delivery.outcome));
    if (!delivery.code.empty()) entry.content.key("code").string(delivery.code);
    return entry;
}

std::vector<Entry> entries_of(const OrderTimeline& timeline) {
    std::vector<Entry> entries;
    WallTime at{};
    auto fulfillment = timeline.order.fulfillments.begin();
    for (const auto& event : timeline.events) {
        at = std::max(at, event.at);
        entries.push_back(event_entry(event, at));
        if (event.type == EventType::inventory_reserved || event.type == EventType::inventory_released) {
            entries.push_back(stock_entry(timeline.order, event.type, at));
        }
        if (event.type == EventType::fulfillment_created && fulfillment != timeline.order.fulfillments.end()) {
            entries.push_back(shipped_entry(*fulfillment++, at));
        }
    }
    if (timeline.order.charge) entries.push_back(attempt_entry(*timeline.order.charge, "charge"));
    if (timeline.order.refund) entries.push_back(attempt_entry(*timeline.order.refund, "refund"));
    for (const auto& posting : timeline.postings) entries.push_back(posting_entry(posting));
    for (const auto& letter : timeline.letters) entries.push_back(letter_entry(letter));
    for (auto delivery = timeline.deliveries.rbegin(); delivery != timeline.deliveries.rend(); ++delivery) {
        entries.push_back(delivery_entry(*delivery));
    }
    // By hand and stable: few of them, and nearly sorted.
    for (std::size_t i = 1; i < entries.size(); ++i) {
        for (auto k = i; k > 0 && entries[k].at < entries[k - 1].at; --k) std::swap(entries[k], entries[k - 1]);
    }
    return entries;
}

// From acceptance to the last step into a settled status; nothing while it is under way.
std::optional<std::chrono::milliseconds> time_to_settled(const OrderTimeline& timeline) {
    if (!is_settled(timeline.order.status) || timeline.events.empty()) return std::nullopt;
    for (auto event = timeline.events.rbegin(); event != timeline.events.rend(); ++event) {
        switch (event->type) {
            case EventType::order_confirmed:
            case EventType::order_completed:
            case EventType::order_rejected:
            case EventType::order_cancelled:
                return std::max(event->at - timeline.events.front().at, std::chrono::milliseconds(0));
            default: break;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string encode_timeline(const OrderTimeline& timeline) {
    const auto& order = timeline.order;
    Writer out;
    out.begin_object().key("id").string(order.id.to_string()).key("number").integer(order.number);
    out.key("version").integer(order.version).key("status").string(to_string(order.status));
    out.key("payment_status").string(to_string(order.payment_status));
    out.key("fulfillment_status").string(to_string(order.fulfillment_status));
    out.key("currency").string(order.draft->currency.code()).key("total").integer(order.total);
    out.key("failed_attempts").integer(order.tries);
    if (const auto took = time_to_settled(timeline)) out.key("settled_after_ms").integer(took->count());
    out.key("data").begin_array();
    std::optional<WallTime> before;
    for (auto& entry : entries_of(timeline)) {
        const auto since = before ? entry.at - *before : std::chrono::milliseconds(0);
        before = entry.at;
        entry.content.key("since_previous_ms").integer(since.count()).end_object();
        out.raw(entry.content.text());
    }
    out.end_array().key("links").begin_object().key("order").string(order_path(order.id)).end_object().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
