#include "api-service/site/form_page.hpp"

#include <fmt/format.h>

#include "api-service/site/embedded_files.hpp"
#include "api-service/site/page_template.hpp"
#include "api-service/site/wording.hpp"
#include "libs/contract/timestamp.hpp"

namespace orderflow::api {
namespace {

constexpr std::int64_t few_left = 10;

std::string_view page(std::string_view name) { return embedded_file("site/" + std::string(name)).plain; }
std::string_view fragment(std::string_view name) { return page("fragments/" + std::string(name) + ".html"); }

std::string stock_note(std::int64_t available) {
    if (available <= 0) return "Sold out";
    return available <= few_left ? fmt::format("Only {} left", available) : std::string();
}

std::string product_entry(const orders::ShelfItem& item, const OrderForm& form) {
    const auto& [product, stock] = item;
    std::string prices;
    for (const auto& price : product.prices) {
        if (!prices.empty()) prices += '\n';
        prices += to_amount(price.minor, price.currency);
    }
    PageValues values;
    values.text("sku", product.sku.value()).text("name", product.name).text("description", product.description);
    values.text("prices", prices).text("quantity", form.value("qty_" + product.sku.value()));
    values.text("note", stock_note(stock.available()));
    return fill(fragment("product"), values);
}

// What was chosen before stands first in its list.
std::string chosen_option(const OrderForm& form, std::string_view name) {
    const auto value = form.value(name);
    if (value.empty()) return {};
    return fill(fragment("option"), PageValues().text("value", value).text("text", value));
}

std::string error_summary(const std::vector<FormMistake>& mistakes) {
    if (mistakes.empty()) return {};
    std::string entries;
    for (const auto& [control, sentence] : mistakes) {
        entries += fill(fragment("error"), PageValues().text("control", control).text("text", sentence));
    }
    return fill(fragment("errors"), PageValues().markup("entries", std::move(entries)));
}

std::string item_rows(const orders::Order& order) {
    std::string rows;
    const auto add = [&](std::int64_t quantity, std::string_view name, const std::string& amount) {
        PageValues values;
        values.text("quantity", std::to_string(quantity)).text("name", name).text("amount", amount);
        rows += fill(fragment("item"), values);
    };
    for (const auto& line : order.lines) {
        add(line.quantity, line.name, to_amount(line.unit_price * line.quantity, order.draft->currency));
    }
    if (order.lines.empty()) {
        for (const auto& line : order.draft->lines) add(line.quantity, line.sku.value(), {});
    }
    return rows;
}

std::string event_rows(const std::vector<orders::OrderEvent>& events) {
    constexpr std::size_t time_at = 11;  // of "2026-11-22T09:14:07.101Z"
    constexpr std::size_t time_size = 8;
    std::string rows;
    for (const auto& event : events) {
        const auto at = contract::to_timestamp(event.at);
        PageValues values;
        values.text("at", at).text("time", std::string_view(at).substr(time_at, time_size));
        values.text("label", label_of(event.type)).text("detail", event.detail);
        rows += fill(fragment("row"), values);
    }
    return rows;
}

}  // namespace

std::vector<FormMistake> mistakes_of(const contract::FieldErrors& errors, const OrderForm& form) {
    std::vector<FormMistake> mistakes;
    for (const auto& error : errors.reported()) {
        auto control = form.control_of(error.pointer);
        // The name stands on the address too: one mistake, one line.
        if (!control && error.pointer == "/shipping_address/name") continue;
        auto sentence = control ? sentence_for(*control, error) : error.pointer + ": " + error.detail;
        mistakes.push_back({control.value_or("items"), std::move(sentence)});
    }
    return mistakes;
}

std::string form_page(const std::vector<orders::ShelfItem>& products, const OrderForm& form,
                      const std::vector<FormMistake>& mistakes) {
    std::string entries;
    for (const auto& item : products) entries += product_entry(item, form) + "\n";
    PageValues values;
    for (const auto name :
         {"customer_name", "customer_email", "customer_phone", "line1", "line2", "city", "region", "postal_code"}) {
        values.text(name, form.value(name));
    }
    values.text("title_prefix", mistakes.empty() ? "" : "Error: ").text("key", form.value("idempotency_key"));
    values.markup("errors", error_summary(mistakes)).markup("products", std::move(entries));
    values.markup("currency_option", chosen_option(form, "currency"));
    values.markup("country_option", chosen_option(form, "country"));
    values.markup("payment_option", chosen_option(form, "payment_token"));
    return fill(page("order-form.nojs.html"), values);
}

std::string receipt_page(const orders::Order& order, const std::vector<orders::OrderEvent>& events) {
    PageValues values;
    values.text("id", order.id.to_string()).text("status", title_of(order.status)).text("meaning", meaning_of(order));
    values.text("total", order.lines.empty() ? std::string() : to_amount(order.total, order.draft->currency));
    values.markup("refresh", is_waiting(order.status) ? std::string(fragment("refresh")) : std::string());
    values.markup("items", item_rows(order)).markup("rows", event_rows(events));
    return fill(page("order-status.nojs.html"), values);
}

std::string waiting_receipt_page(const orders::OrderId& id) {
    PageValues values;
    values.text("id", id.to_string()).text("status", title_of(orders::OrderStatus::accepted));
    values.text("meaning", "We have your order safely. It is being looked at now.");
    values.markup("refresh", std::string(fragment("refresh")));
    return fill(page("order-status.nojs.html"), values);
}

std::string plain_message_page(const std::string& id, std::string_view title, std::string_view sentence) {
    PageValues values;
    values.text("id", id).text("status", title).text("meaning", sentence);
    return fill(page("order-status.nojs.html"), values);
}

}  // namespace orderflow::api
