// XmlElement: a small XML document, as services with the query protocol of AWS answer. Pure. From untrusted text: what
// such an answer never has (a document type, entities of its own, processing instructions, comments, CDATA) is refused,
// and size, depth and count are bounded.
// Source: XML 1.0 (fifth edition), the productions for elements, attributes, character data and references.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"

namespace orderflow::aws {

struct XmlElement {
    std::string name;                  // as written, with its prefix
    std::string text;                  // of an element without children, references resolved
    std::vector<XmlElement> children;  // in their order

    // The first child with this name; null: none.
    const XmlElement* find(std::string_view child) const;
    // Its text; empty when there is no such child.
    std::string_view text_of(std::string_view child) const;
};

struct XmlLimits {
    std::size_t bytes = 64 * 1024;
    std::size_t elements = 512;
    std::size_t depth = 8;
};

// The root. Attributes are read and dropped; blanks around the elements of an element are, too. invalid_input
// "xml.malformed", with the place: no such document, not UTF-8, or text beside elements; "xml.too_large": beyond a
// limit.
Result<XmlElement> read_xml(std::string_view text, XmlLimits limits = {});

}  // namespace orderflow::aws
