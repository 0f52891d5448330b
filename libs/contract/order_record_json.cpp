#include "libs/contract/order_record_json.hpp"

#include "libs/contract/order_resource.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::contract {

std::string encode_order_record(const orders::Order& order, const std::vector<orders::OrderEvent>& events,
                                const std::vector<orders::LedgerPosting>& ledger) {
    json::Writer out;
    out.begin_object().key("order").raw(encode_order(order)).key("events").begin_array();
    for (const auto& event : events) out.raw(encode_event(event));
    out.end_array().key("ledger").begin_array();
    for (const auto& posting : ledger) {
        out.begin_object().key("effect").string(posting.effect.value).key("debit").string(posting.debit);
        out.key("credit").string(posting.credit).key("amount").integer(posting.amount);
        out.key("at").string(to_timestamp(posting.at)).end_object();
    }
    return std::move(out.end_array().end_object()).take();
}

}  // namespace orderflow::contract
