// /v1/admin/dead-letters: what could not be processed, for operators: found, read, edited, sent again, given up.
#pragma once

#include <optional>

#include "api-service/command_desk.hpp"
#include "api-service/operator_access.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_ids.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Reads ask the store. A command goes to the queue, also while the store is down; what the store holds now gives early
// answers, the worker's audit record is the final one. Any loop. Everything passed in, and a request its call, outlives
// it.
class DeadLettersHandler {
  public:
    DeadLettersHandler(orders::OperatorReader& reader, orders::OrderReader& orders, const orders::OrderIds& ids,
                       const OperatorAccess& operators, CommandDesk& desk)
        : reader_(reader), orders_(orders), ids_(ids), operators_(operators), desk_(desk) {}

    task<net::Response> list(const net::Request& request);
    task<net::Response> groups(const net::Request& request);
    task<net::Response> one(const net::Request& request);

    // Those that the body names or that match its filter; with `dry_run` only says which.
    task<net::Response> act(const net::Request& request, orders::LetterAction action);
    // The one that the address names.
    task<net::Response> act_on_one(const net::Request& request, orders::LetterAction action);
    task<net::Response> edit(const net::Request& request);

  private:
    task<net::Response> show(orders::LetterSelection selection, orders::LetterAction action);
    task<std::optional<net::Response>> early_answer(std::int64_t number, orders::LetterState needed);
    task<bool> is_stored(std::optional<orders::OrderId> order);

    orders::OperatorReader& reader_;
    orders::OrderReader& orders_;
    const orders::OrderIds& ids_;
    const OperatorAccess& operators_;
    CommandDesk& desk_;
};

}  // namespace orderflow::api
