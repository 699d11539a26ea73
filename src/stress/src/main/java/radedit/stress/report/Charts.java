package radedit.stress.report;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.util.Optional;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.Chart;
import org.w3c.dom.Document;

/** Draws charts as SVG, if this machine has the fonts that measuring text needs. */
final class Charts {
    /** What to do where there are no fonts. */
    static final String ADVICE = "This machine has no fonts, which plots need, so their numbers are shown as tables. "
            + "Install fontconfig and a font, such as fonts-dejavu-core (Debian, Ubuntu) or dejavu-sans-fonts (Fedora, "
            + "Red Hat), and evaluate again.";
    private static final String SVG = "http://www.w3.org/2000/svg";

    private final boolean fonts;
    private int drawn;

    /**
     * Begins a page.
     *
     * @param measuring
     *            measures a text; fails where that is not possible
     */
    Charts(Runnable measuring) {
        this.fonts = works(measuring);
    }

    /** Measures a text as charts do. */
    static void measure() {
        new TextLayout("0", new Font(Font.SANS_SERIF, Font.PLAIN, 12), new FontRenderContext(null, true, false))
                .getBounds();
    }

    /** Which of these is thrown depends on the JDK and on what is missing: a library, its settings, or all fonts. */
    private static boolean works(Runnable measuring) {
        try {
            measuring.run();
            return true;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return false;
        }
    }

    boolean haveFonts() {
        return fonts;
    }

    /**
     * {@return the chart as an svg element; empty if there are no fonts}
     *
     * @param figure
     *            the chart
     * @param alt
     *            what it shows, in words
     */
    Optional<String> draw(Figure figure, String alt) {
        if (!fonts) {
            return Optional.empty();
        }
        Chart<?, ?> chart = figure.chart().get();
        String prefix = "plot" + ++drawn + "-";
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(1);
        context.setIDGenerator(new SVGIDGenerator() {
            @Override
            public String generateID(String name) {
                return prefix + super.generateID(name); // unique in the page
            }
        });
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        return Optional.of(new SvgText(chart.getWidth(), chart.getHeight(), alt).of(graphics.getRoot()));
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own parser, as it comes", e);
        }
    }
}
