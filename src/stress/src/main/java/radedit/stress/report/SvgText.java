package radedit.stress.report;

import java.util.Map;
import java.util.TreeMap;

import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

import radedit.html.Html;

/** An svg element of a page, from what Batik draws; black becomes the colour of the page's text. */
final class SvgText {
    private static final String INK = "currentColor";

    private final int width;
    private final int height;
    private final String alt;
    private final StringBuilder out = new StringBuilder();

    /**
     * Begins an element.
     *
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param alt
     *            what it shows, in words
     */
    SvgText(int width, int height, String alt) {
        this.width = width;
        this.height = height;
        this.alt = alt;
    }

    /** {@return the element as text} */
    String of(Element root) {
        out.append("<svg class=\"plot\" role=\"img\" aria-label=\"").append(Html.escape(alt))
                .append("\" viewBox=\"0 0 ")
                .append(width).append(' ').append(height).append("\" width=\"").append(width).append("\" height=\"")
                .append(height).append('"');
        attributes(root);
        out.append('>');
        children(root);
        return out.append("</svg>\n").toString();
    }

    private void node(Node n) {
        if (n instanceof Text t) {
            out.append(Html.escape(t.getData().strip()));
        } else if (n instanceof Element e && (e.hasChildNodes() || !e.getTagName().equals("defs"))) {
            out.append('<').append(e.getTagName());
            attributes(e);
            if (e.hasChildNodes()) {
                out.append('>');
                children(e);
                out.append("</").append(e.getTagName()).append('>');
            } else {
                out.append("/>");
            }
        }
    }

    private void children(Element e) {
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            node(n);
        }
    }

    private void attributes(Element e) {
        Map<String, String> sorted = new TreeMap<>();
        NamedNodeMap all = e.getAttributes();
        for (int i = 0; i < all.getLength(); i++) {
            String name = all.item(i).getNodeName();
            if (!name.startsWith("xmlns") && !name.endsWith("-rendering")) {
                sorted.put(name, all.item(i).getNodeValue());
            }
        }
        sorted.forEach((name, value) -> {
            boolean ink = (name.equals("fill") || name.equals("stroke")) && value.equals("black");
            // paths are long and of digits alone, so they need no escaping
            String text = ink ? INK : name.equals("d") ? value : Html.escape(value);
            out.append(' ').append(name).append("=\"").append(text).append('"');
        });
    }
}
