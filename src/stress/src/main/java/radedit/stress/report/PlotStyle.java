package radedit.stress.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Colours and lines of plots, legible on white and on black; black itself becomes the colour of the page's text. */
final class PlotStyle {
    /** Okabe and Ito's colours, which people with colour vision deficiencies can tell apart (jfly.uni-koeln.de/color, 2008). */
    private static final List<Color> COLOURS = List.of(new Color(0xD55E00), new Color(0x0072B2), new Color(0x009E73),
            new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9), new Color(0x808080));
    private static final List<Marker> MARKERS = List.of(SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND,
            SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.CROSS,
            SeriesMarkers.PLUS);
    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final Color GRID = new Color(128, 128, 128, 70);
    private static final Color RULE = new Color(128, 128, 128);
    private static final BasicStroke SOLID = new BasicStroke(1.5f);
    private static final BasicStroke DASHED = new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10,
            new float[]{5, 4}, 0);

    private PlotStyle() {
    }

    static Color colour(int i) {
        return COLOURS.get(i % COLOURS.size());
    }

    /** {@return a colour for what was before, next to {@link #colour} for what is after} */
    static Color pale(int i) {
        Color c = colour(i);
        return new Color(c.getRed(), c.getGreen(), c.getBlue(), 110);
    }

    /** {@return a chart of two numbers, each from 0 to 1 unless said otherwise later} */
    static XYChart xy(int width, int height, String x, String y) {
        XYChart chart = new XYChartBuilder().width(width).height(height).xAxisTitle(x).yAxisTitle(y).build();
        apply(chart.getStyler());
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        return chart;
    }

    /** {@return a chart of bars} */
    static CategoryChart bars(int width, int height, String y) {
        CategoryChart chart = new CategoryChartBuilder().width(width).height(height).yAxisTitle(y).build();
        apply(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setAvailableSpaceFill(0.8);
        return chart;
    }

    private static void apply(AxesChartStyler s) {
        s.setLocale(Locale.ROOT);
        s.setTimezone(TimeZone.getTimeZone("UTC"));
        s.setChartTitleVisible(false);
        s.setToolTipsEnabled(false);
        s.setChartBackgroundColor(CLEAR);
        s.setPlotBackgroundColor(CLEAR);
        s.setLegendBackgroundColor(CLEAR);
        s.setLegendBorderColor(CLEAR);
        s.setPlotBorderColor(RULE);
        s.setChartFontColor(Color.BLACK);
        s.setXAxisTitleColor(Color.BLACK);
        s.setYAxisTitleColor(Color.BLACK);
        s.setAxisTickLabelsColor(Color.BLACK);
        s.setXAxisTickLabelsColor(Color.BLACK);
        s.setYAxisTickLabelsColor(Color.BLACK);
        s.setAxisTickMarksColor(RULE);
        s.setPlotGridLinesColor(GRID);
        s.setPlotGridLinesStroke(new BasicStroke(1));
        s.setAxisTicksLineVisible(false);
        s.setPlotMargin(0);
        s.setLegendPadding(6);
        s.setMarkerSize(7);
    }

    /** Adds points. */
    static XYSeries points(XYChart chart, String label, int i, double[] x, double[] y) {
        XYSeries s = named(chart, label, x, y);
        s.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        s.setMarker(MARKERS.get((i + i / COLOURS.size()) % MARKERS.size())).setMarkerColor(colour(i));
        return s;
    }

    /** Adds points that a line joins. */
    static XYSeries line(XYChart chart, String label, int i, double[] x, double[] y) {
        XYSeries s = named(chart, label, x, y);
        s.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        s.setLineColor(colour(i)).setLineStyle(SOLID);
        s.setMarker(MARKERS.get((i + i / COLOURS.size()) % MARKERS.size())).setMarkerColor(colour(i));
        return s;
    }

    /** Adds a dashed line without points, in grey; an empty label keeps it out of the legend. */
    static XYSeries rule(XYChart chart, String label, double[] x, double[] y) {
        XYSeries s = named(chart, label, x, y);
        s.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        s.setLineColor(RULE).setLineStyle(DASHED);
        s.setMarker(SeriesMarkers.NONE);
        s.setShowInLegend(!label.isEmpty());
        return s;
    }

    /** Adds a series of a name of its own, because labels may be equal. */
    private static XYSeries named(XYChart chart, String label, double[] x, double[] y) {
        XYSeries s = chart.addSeries("series " + chart.getSeriesMap().size(), x, y);
        s.setLabel(Words.brief(label));
        return s;
    }
}
