// LegalPath: which events may follow which, and where they lead. Written from the contract of the order model, not from
// the code that makes the events.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "libs/audit/snapshot.hpp"

namespace orderflow::audit {

class LegalPath {
  public:
    // False: this event may not come now; the path stays where it was.
    bool step(orders::EventType type);

    // Nothing before the first event.
    std::optional<orders::OrderStatus> at() const { return at_; }
    bool holds_stock() const { return holds_stock_; }
    bool captured() const { return captured_; }
    bool paid_back() const { return paid_back_; }

  private:
    bool go(bool allowed, orders::OrderStatus to);
    bool is_at(std::initializer_list<orders::OrderStatus> places) const;
    bool settle_charge(bool& outcome);

    std::optional<orders::OrderStatus> at_;
    bool holds_stock_ = false;
    bool shipped_ = false;  // something
    bool captured_ = false;
    bool declined_ = false;
    bool paid_back_ = false;  // refunded, or voided so that nothing is left to refund
};

// Whether an event of this type can stand in a history only once.
bool happens_once(orders::EventType type) noexcept;

}  // namespace orderflow::audit
