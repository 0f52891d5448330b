// Amounts within an order, the double-entry ledger, and the provider's own ledger.
#include <optional>
#include <unordered_map>

#include "libs/audit/checks.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::audit {
namespace {

using orders::checked_add;
using orders::checked_mul;
using orders::checked_sub;
using orders::EffectState;
using orders::EventType;
using orders::OrderStatus;
using orders::PaymentStatus;
using Amount = std::optional<std::int64_t>;

struct Provider {
    std::int64_t charges = 0;  // captured
    std::int64_t refunds = 0;
    std::int64_t charged = 0;
    std::int64_t refunded = 0;
    bool other_currency = false;
};
using ProviderByOrder = std::unordered_map<orders::OrderId, Provider>;

// Whatever the order says of its payment: the buyer pays by invoice, or there is nothing to pay.
bool owes_nothing_now(const StoredOrder& order) {
    return order.payment_mode == orders::PaymentMode::invoice || order.total == 0;
}

class MoneyCheck {
  public:
    MoneyCheck(const Evidence& evidence, Report& report) : evidence_(evidence), report_(report) {}

    void run() {
        const auto provider = read_provider();
        for (const auto& order : evidence_.snapshot.orders) {
            check_amounts(order);
            check_ledger(order);
            if (!evidence_.snapshot.provider_is_known) continue;
            const auto moved = provider.find(order.id);
            check_provider(order, moved == provider.end() ? Provider() : moved->second);
        }
    }

  private:
    void mismatch(const orders::OrderId& id, std::string what) {
        report_.add(FindingKind::money_mismatch, id.to_string(), std::move(what));
    }

    void check_amounts(const StoredOrder& order) {
        if (order.lines.empty()) {
            if (order.total != 0 || order.holds_stock) mismatch(order.id, "it has a total or stock and no priced line");
            return;
        }
        Amount total = order.shipping;
        Amount tax = 0;
        for (const auto& line : order.lines) {
            auto amount = checked_mul(line.unit_price, line.quantity);
            if (amount) amount = checked_sub(*amount, line.discount);
            total = total && amount ? checked_add(*total, *amount) : std::nullopt;
            tax = tax ? checked_add(*tax, line.tax) : std::nullopt;
        }
        if (total) total = checked_sub(*total, order.discount);
        if (total) total = checked_add(*total, order.tax);
        // Amounts that came with an order may have tax on shipping too.
        const bool taxed = order.given ? tax && *tax <= order.tax : tax == order.tax;
        if (!taxed) mismatch(order.id, "the taxes of its lines do not add up to its tax");
        if (order.given) check_given(order, *order.given);
        if (total != order.total || order.total < 0) {
            mismatch(order.id, "its lines, shipping, discount and tax do not add up to its total of " +
                                   std::to_string(order.total));
        }
        check_priced_lines(order);
    }

    void check_given(const StoredOrder& order, const orders::GivenAmounts& given) {
        bool same = order.shipping == given.shipping && order.discount == given.discount && order.tax == given.tax &&
                    order.lines.size() == given.lines.size();
        for (std::size_t i = 0; same && i < order.lines.size(); ++i) {
            const auto& line = order.lines[i];
            same = orders::LineAmounts{line.unit_price, line.discount, line.tax} == given.lines[i];
        }
        if (!same) mismatch(order.id, "its amounts are not those that came with it");
    }

    void check_priced_lines(const StoredOrder& order) {
        bool same = order.lines.size() == order.asked.size();
        for (std::size_t i = 0; same && i < order.lines.size(); ++i) {
            same = AskedLine{order.lines[i].sku, order.lines[i].quantity} == order.asked[i];
        }
        if (!same) mismatch(order.id, "what was priced is not what was asked for");
    }

    // A capture is one posting to the provider's account, paying back one from it, each of the order's total.
    void check_ledger(const StoredOrder& order) {
        std::int64_t taken = 0;
        std::int64_t given = 0;
        std::unordered_map<std::string_view, int> by_effect;
        for (const auto& posting : order.postings) {
            if (++by_effect[posting.effect] == 2) {
                report_.add(FindingKind::doubled, order.id.to_string(), posting.effect + " is booked more than once");
            }
            const bool in = posting.debit == orders::provider_account && posting.credit == orders::sales_account;
            const bool out = posting.debit == orders::sales_account && posting.credit == orders::provider_account;
            if (!in && !out) mismatch(order.id, "a posting from " + posting.credit + " to " + posting.debit);
            if (posting.amount != order.total || posting.amount <= 0) {
                mismatch(order.id, "a posting of " + std::to_string(posting.amount) + ", the total is " +
                                       std::to_string(order.total));
            }
            taken += in ? 1 : 0;
            given += out ? 1 : 0;
        }
        const bool captured = count_events(order, EventType::payment_captured) > 0;
        const bool paid_back =
            captured &&
            count_events(order, EventType::payment_refunded) + count_events(order, EventType::payment_voided) > 0;
        if ((taken > 0) != captured) {
            mismatch(order.id, captured ? "a capture is not in the ledger" : "the ledger has a capture that never was");
        }
        if ((given > 0) != paid_back) {
            mismatch(order.id, paid_back ? "a refund is not in the ledger" : "the ledger has a refund that never was");
        }
    }

    ProviderByOrder read_provider() {
        ProviderByOrder by_order;
        for (const auto& effect : evidence_.snapshot.provider) {
            const auto* order = evidence_.find(effect.order);
            auto& moved = by_order[effect.order];
            if (order != nullptr && order->currency != effect.currency) moved.other_currency = true;
            if (effect.state == EffectState::captured) {
                if (++moved.charges == 2) {
                    report_.add(FindingKind::double_charged, effect.order.to_string(), "it was charged twice");
                }
                moved.charged += effect.amount;
            }
            if (effect.state == EffectState::refunded) {
                if (++moved.refunds == 2) {
                    report_.add(FindingKind::doubled, effect.order.to_string(), "it was refunded twice");
                }
                moved.refunded += effect.amount;
            }
            // A charge is recorded in the store before the provider is called.
            if (order == nullptr && !evidence_.tombstones.contains(effect.order)) {
                mismatch(effect.order, "the provider knows " + effect.key + " and the order is not stored");
            }
        }
        return by_order;
    }

    void check_provider(const StoredOrder& order, const Provider& moved) {
        if (moved.other_currency) mismatch(order.id, "the provider moved another currency than " + order.currency);
        const bool booked = count_events(order, EventType::payment_captured) > 0;
        if (booked && moved.charges == 0) mismatch(order.id, "it is booked as paid and the provider took nothing");
        if (moved.charges > 0 && moved.charged != moved.charges * order.total) {
            mismatch(order.id, "the provider took " + std::to_string(moved.charged) + ", the total is " +
                                   std::to_string(order.total));
        }
        if (!is_settled(order.status)) return;  // an answer may be missing; what was taken is known when it settles
        const bool paid = order.payment_status == PaymentStatus::captured;
        const bool sold = order.status == OrderStatus::confirmed || order.status == OrderStatus::completed;
        const auto kept = moved.charged - moved.refunded;
        const auto due = sold && paid ? order.total : 0;
        if (kept != due) {
            mismatch(order.id, "it is " + std::string(to_string(order.status)) + " and the provider keeps " +
                                   std::to_string(kept) + " of it, not " + std::to_string(due));
        }
        if (sold && !paid && !(owes_nothing_now(order) && order.payment_status == PaymentStatus::not_required)) {
            mismatch(order.id, "it is " + std::string(to_string(order.status)) + " and its payment " +
                                   std::string(to_string(order.payment_status)));
        }
    }

    const Evidence& evidence_;
    Report& report_;
};

}  // namespace

void check_money(const Evidence& evidence, Report& report) { MoneyCheck(evidence, report).run(); }

}  // namespace orderflow::audit
