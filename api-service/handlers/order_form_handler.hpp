// GET /order and POST /order from the HTML form: the same operation as the JSON route, for browsers without scripts.
#pragma once

#include <vector>

#include "api-service/order_desk.hpp"
#include "api-service/site/form_page.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::api {

// Any loop. Everything passed in, and a request its call, outlives it.
class OrderFormHandler {
  public:
    OrderFormHandler(OrderDesk& desk, orders::OrderReader& reader, Entropy& entropy)
        : desk_(desk), reader_(reader), entropy_(entropy) {}

    // The form with a fresh key.
    task<net::Response> show(const net::Request& request);

    // 303 to the order's page. When a rule is broken or the order is not taken: the form again with what was typed, the
    // same key, and the status that JSON would have got.
    task<net::Response> submit(const net::Request& request);

  private:
    task<net::Response> form_again(unsigned status, OrderForm form, std::vector<FormMistake> mistakes);
    task<net::Response> not_taken(Error error, OrderForm form);

    OrderDesk& desk_;
    orders::OrderReader& reader_;
    Entropy& entropy_;
};

}  // namespace orderflow::api
