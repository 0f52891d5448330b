// Templates, the form's fields and the words of the pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api-service/site/form_page.hpp"
#include "api-service/site/order_form.hpp"
#include "api-service/site/page_template.hpp"
#include "api-service/site/site_headers.hpp"
#include "api-service/site/wording.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::api {
namespace {

using testing::ElementsAre;
using testing::Field;

TEST(PageTemplate, GivenTexts_ThenTheyCannotBecomeMarkup) {
    PageValues values;
    values.text("a", "<b>\"&'</b>").markup("b", "<i>{{a}}</i>");

    EXPECT_EQ(fill("{{a}}|{{b}}|{{missing}}|{{open", values),
              "&lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;|<i>{{a}}</i>||{{open");
}

TEST(OrderForm, GivenFields_ThenEmptyOnesAreAbsentAndQuantitiesAreNumbers) {
    const auto form =
        OrderForm::parse("customer_name=+Ada+&customer_email=&currency=EUR&qty_b=2&qty_a=&qty_c=007&qty_d=x");

    ASSERT_TRUE(form);
    EXPECT_EQ(
        form->to_request(),
        R"({"currency":"EUR","items":[{"sku":"b","quantity":2},{"sku":"c","quantity":7},{"sku":"d","quantity":"x"}],)"
        R"("customer":{"name":"Ada"},"shipping_address":{"name":"Ada"},"payment":{"mode":"token"}})");
}

TEST(OrderForm, GivenAPointer_ThenItIsTheControlThatWasTypedInto) {
    const auto form = OrderForm::parse("qty_b=2&qty_a=0&qty_c=1").value();

    EXPECT_EQ(form.control_of("/items/1/quantity"), "qty_c");
    EXPECT_EQ(form.control_of("/items"), "items");
    EXPECT_EQ(form.control_of("/customer/email"), "customer_email");
    EXPECT_EQ(form.control_of("/payment/token"), "payment_token");
    EXPECT_EQ(form.control_of("/shipping_address/name"), std::nullopt);
}

TEST(FormMistakes, GivenAnEmptyForm_ThenThereIsOneSentenceForEachControl) {
    const OrderForm form;
    const auto body = json::parse(form.to_request(), {.bytes = 4096});
    const auto draft = contract::read_order_request(*body);

    const auto mistakes = mistakes_of(draft.error(), form);

    std::vector<std::string> controls;
    for (const auto& mistake : mistakes) controls.push_back(mistake.control);
    EXPECT_THAT(controls, ElementsAre("currency", "items", "customer_name", "customer_email", "line1", "city",
                                      "country", "payment_token"));
    EXPECT_EQ(mistakes[2].sentence, "Enter your name");
}

TEST(Amounts, GivenMinorUnits_ThenTheyAreWrittenWithTheCurrencysDigits) {
    const auto currency = [](const char* code) { return orders::Currency::parse(code).value(); };
    EXPECT_EQ(to_amount(1450, currency("EUR")), "EUR 14.50");
    EXPECT_EQ(to_amount(5, currency("EUR")), "EUR 0.05");
    EXPECT_EQ(to_amount(0, currency("EUR")), "EUR 0.00");
    EXPECT_EQ(to_amount(1450, currency("JPY")), "JPY 1450");
    EXPECT_EQ(to_amount(1, currency("KWD")), "KWD 0.001");
    EXPECT_EQ(to_amount(-1450, currency("EUR")), "EUR -14.50");
    EXPECT_EQ(to_amount(std::numeric_limits<std::int64_t>::min(), currency("EUR")), "EUR -92233720368547758.08");
}

TEST(Wording, GivenEveryStatusAndEvent_ThenThereAreWords) {
    for (int i = 0; i <= static_cast<int>(orders::OrderStatus::on_hold); ++i) {
        EXPECT_NE(title_of(static_cast<orders::OrderStatus>(i)), "");
    }
    for (int i = 0; i < orders::event_type_count; ++i) EXPECT_NE(label_of(static_cast<orders::EventType>(i)), "");
}

TEST(SiteHeaders, GivenAnAnswerWithItsOwnValue_ThenThatWins) {
    const SiteHeaders headers(R"({"page":{"A":"1"},"asset":{"A":"2"},"api":{"Cache-Control":"no-store","B":"3"}})");
    auto response = net::Response::json(200, "{}").field("cache-control", "no-cache");

    headers.add_to(response, AnswerKind::api);

    EXPECT_EQ(response.fields.size(), 3U);
    EXPECT_EQ(response.fields.back(), (std::pair<std::string, std::string>("B", "3")));
}

TEST(SiteHeaders, GivenAFileThatIsNone_ThenTheStartFails) {
    EXPECT_THROW(SiteHeaders("{}"), std::invalid_argument);
    EXPECT_THROW(SiteHeaders("no"), std::invalid_argument);
}

}  // namespace
}  // namespace orderflow::api
