// What clients were told, against what is stored.
#include <algorithm>
#include <map>
#include <string_view>

#include "libs/audit/checks.hpp"

namespace orderflow::audit {
namespace {

using orders::OrderId;
using orders::OrderStatus;

// Everything that was tried with one idempotency key.
struct KeyUse {
    std::vector<const Attempt*> attempts;
    std::optional<OrderId> acknowledged;  // the id of the first 2xx
    bool any_acknowledged = false;
    bool any_open = false;  // an attempt whose outcome is unknown
    std::vector<const StoredOrder*> stored;
};

struct CancelUse {
    bool acknowledged = false;
    bool possible = false;  // acknowledged or unknown
};

std::map<std::string_view, std::int64_t> by_sku(const std::vector<AskedLine>& lines) {
    std::map<std::string_view, std::int64_t> sums;
    for (const auto& line : lines) sums[line.sku] += line.quantity;
    return sums;
}

class AttemptCheck {
  public:
    AttemptCheck(const Evidence& evidence, Report& report) : evidence_(evidence), report_(report) {}

    void run() {
        for (const auto& attempt : evidence_.history.attempts) take(attempt);
        for (const auto& order : evidence_.snapshot.orders) {
            check_origin(order);
            check_end(order);
        }
        for (const auto& [key, use] : keys_) check_key(key, use);
        for (const auto& [id, use] : cancels_) {
            if (use.acknowledged) check_cancel(id);
        }
    }

  private:
    void add(FindingKind kind, std::string subject, std::string what) {
        report_.add(kind, std::move(subject), std::move(what));
    }

    void take(const Attempt& attempt) {
        ++report_.seen.attempts;
        if (attempt.kind == AttemptKind::cancel) {
            if (!attempt.order) return;
            auto& use = cancels_[*attempt.order];
            use.acknowledged = use.acknowledged || attempt.outcome == Outcome::ok;
            use.possible = use.possible || attempt.outcome != Outcome::refused;
            return;
        }
        auto& use = keys_[attempt.key];
        use.attempts.push_back(&attempt);
        if (attempt.outcome == Outcome::unknown) use.any_open = true;
        if (attempt.outcome != Outcome::ok) return;
        if (attempt.kind == AttemptKind::bad) {
            add(FindingKind::phantom, subject_of(attempt), "an order that breaks a rule was acknowledged");
        }
        use.any_acknowledged = true;
        if (!attempt.order) return;
        if (use.acknowledged && *use.acknowledged != *attempt.order) {
            add(FindingKind::doubled, attempt.order->to_string(),
                "the key " + attempt.key + " was acknowledged as " + use.acknowledged->to_string() + " too");
        }
        if (!use.acknowledged) use.acknowledged = attempt.order;
        owners_.emplace(*attempt.order, &use);
    }

    static std::string subject_of(const Attempt& attempt) {
        return attempt.order ? attempt.order->to_string() : attempt.key;
    }

    KeyUse* owner_of(const StoredOrder& order) {
        if (const auto owner = owners_.find(order.id); owner != owners_.end()) return owner->second;
        const auto key = keys_.find(order.client_reference);
        return order.client_reference.empty() || key == keys_.end() ? nullptr : &key->second;
    }

    // I2: somebody asked for this very order, and was not refused.
    void check_origin(const StoredOrder& order) {
        if (evidence_.find(order.id) != &order) {
            add(FindingKind::doubled, order.id.to_string(), "it is stored twice");
        }
        auto* owner = owner_of(order);
        if (owner == nullptr) {
            if (evidence_.options.complete) add(FindingKind::phantom, order.id.to_string(), "nobody asked for it");
            return;
        }
        owner->stored.push_back(&order);
        const auto asked = by_sku(order.asked);
        bool refused = true;
        bool same = false;
        for (const auto* attempt : owner->attempts) {
            if (attempt->outcome == Outcome::refused) continue;
            refused = false;
            same = same || by_sku(attempt->lines) == asked;
        }
        if (refused) {
            add(FindingKind::phantom, order.id.to_string(), "it was refused and is stored");
        } else if (!same) {
            add(FindingKind::phantom, order.id.to_string(), "its lines are not what was asked for");
        }
        check_cancel_origin(order);
    }

    void check_cancel_origin(const StoredOrder& order) {
        if (!evidence_.options.complete || count_events(order, orders::EventType::cancel_requested) == 0) return;
        if (order.cancelled_by_time) return;
        const auto cancel = cancels_.find(order.id);
        if (cancel != cancels_.end() && cancel->second.possible) return;
        add(FindingKind::phantom, order.id.to_string(), "it was cancelled and nobody asked for that");
    }

    // I1, for every stored order: when nothing happens any more it has come to an end; before that somebody carries it
    // on.
    void check_end(const StoredOrder& order) {
        if (is_settled(order.status) || order.status == OrderStatus::on_hold) return;
        const auto& options = evidence_.options;
        if (!options.quiescent && (!options.at_rest || evidence_.queued.contains(order.id))) return;
        // A refund that went on failing waits for the operator with its dead letter.
        if (order.status == OrderStatus::cancelling && evidence_.dead_letters.contains(order.id)) return;
        add(FindingKind::lost, order.id.to_string(), "it stands still: " + std::string(to_string(order.status)));
    }

    void check_key(std::string_view key, const KeyUse& use) {
        if (use.any_acknowledged) ++report_.seen.acknowledged;
        if (!use.any_acknowledged && use.any_open) ++report_.seen.unknown;
        if (use.stored.size() > 1) {
            add(FindingKind::doubled, use.stored[1]->id.to_string(),
                "the key " + std::string(key) + " has another order, " + use.stored[0]->id.to_string());
        }
        if (!use.any_acknowledged) return;
        const auto stored_as_told = [&](const StoredOrder* order) {
            return !use.acknowledged || order->id == *use.acknowledged;
        };
        if (std::ranges::any_of(use.stored, stored_as_told)) return;
        if (use.acknowledged && is_elsewhere(*use.acknowledged)) return;
        add(FindingKind::lost, use.acknowledged ? use.acknowledged->to_string() : std::string(key),
            "it was acknowledged and is not stored");
    }

    // A tombstone takes the place of an order that had come to its end, and of no other. Of the messages only the one
    // that places the order holds it: a cancel of an order that is gone cannot bring it back.
    bool is_elsewhere(const OrderId& id) const {
        if (evidence_.tombstones.contains(id)) return true;
        return !evidence_.options.quiescent && evidence_.places_queued.contains(id);
    }

    // A cancel that was acknowledged ends in a cancelled order or in a refusal that the order shows.
    void check_cancel(const OrderId& id) {
        const auto* order = evidence_.find(id);
        if (order == nullptr || may_still_be_cancelled(*order)) return;
        if (order->status == OrderStatus::cancelled || evidence_.dead_letters.contains(id)) return;
        if (count_events(*order, orders::EventType::cancel_refused) > 0) return;
        add(FindingKind::lost, id.to_string(),
            "its cancel was acknowledged and it is " + std::string(to_string(order->status)));
    }

    // At rest it needs its own message for that; once the order shows the cancel, check_end() asks who carries it on.
    bool may_still_be_cancelled(const StoredOrder& order) const {
        const auto& options = evidence_.options;
        if (options.quiescent) return false;
        if (!options.at_rest || evidence_.cancels_queued.contains(order.id)) return true;
        return !is_settled(order.status) && count_events(order, orders::EventType::cancel_requested) > 0;
    }

    const Evidence& evidence_;
    Report& report_;
    std::map<std::string_view, KeyUse> keys_;
    std::unordered_map<OrderId, KeyUse*> owners_;
    std::unordered_map<OrderId, CancelUse> cancels_;
};

}  // namespace

void check_attempts(const Evidence& evidence, Report& report) { AttemptCheck(evidence, report).run(); }

}  // namespace orderflow::audit
