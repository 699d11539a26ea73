/**
 * Statistics of a stress test of a vision model on films before and after an edit. Arguments are plain arrays, results are records. A
 * metric that is undefined is NaN; an argument that is wrong is refused with an {@link java.lang.IllegalArgumentException} whose
 * sentence names it. This package has intervals, the bootstrap and tests; {@code classification}, {@code effect}, {@code segmentation},
 * {@code image} and {@code features} have the metrics.
 *
 * <p>
 * The tests compare each metric with a reference implementation, to 1e-9 unless the table says otherwise:
 *
 * <table>
 * <caption>Metrics and their references</caption>
 * <tr><th>metric</th><th>class and method</th><th>reference</th></tr>
 * <tr><td>confusion counts, accuracy, balanced accuracy, F1</td><td>{@code classification.Confusion}</td><td>sklearn.metrics.confusion_matrix, accuracy_score, balanced_accuracy_score, f1_score</td></tr>
 * <tr><td>sensitivity, PPV; specificity, NPV</td><td>{@code classification.Confusion}</td><td>sklearn.metrics.recall_score, precision_score; the same with classes swapped</td></tr>
 * <tr><td>AUROC</td><td>{@code classification.Ranking.auroc}</td><td>sklearn.metrics.roc_auc_score</td></tr>
 * <tr><td>average precision</td><td>{@code classification.Ranking.averagePrecision}</td><td>sklearn.metrics.average_precision_score</td></tr>
 * <tr><td>ROC curve, Youden threshold</td><td>{@code classification.RocCurve.of, youden}</td><td>sklearn.metrics.roc_curve, numpy.argmax</td></tr>
 * <tr><td>Brier score, log loss</td><td>{@code classification.ProbabilityScores.brier, logLoss}</td><td>sklearn.metrics.brier_score_loss, log_loss</td></tr>
 * <tr><td>reliability bins</td><td>{@code classification.Reliability.of}</td><td>sklearn.calibration.calibration_curve</td></tr>
 * <tr><td>calibration errors</td><td>{@code classification.Reliability.expectedCalibrationError, maximumCalibrationError}</td><td>the definition, in NumPy</td></tr>
 * <tr><td>flips, collateral flips</td><td>{@code effect.Flips.of, effect.CollateralFlips.of}</td><td>the definition, in NumPy</td></tr>
 * <tr><td>change of log-odds</td><td>{@code effect.PairedChange.of}</td><td>the definition, with scipy.special.logit</td></tr>
 * <tr><td>dose response, switch point</td><td>{@code effect.DoseResponse.of, switchPoint}</td><td>the definition, in NumPy; scipy.stats.spearmanr</td></tr>
 * <tr><td>reverse recovery</td><td>{@code effect.ReverseRecovery.of}</td><td>the definition, in NumPy</td></tr>
 * <tr><td>Wilson and Clopper-Pearson intervals</td><td>{@code Proportion.wilson, clopperPearson, clopperPearsonUpper, clopperPearsonLower}</td><td>statsmodels.stats.proportion.proportion_confint, scipy.stats.beta</td></tr>
 * <tr><td>McNemar's exact test</td><td>{@code McNemar.pValue}</td><td>statsmodels.stats.contingency_tables.mcnemar, scipy.stats.binomtest</td></tr>
 * <tr><td>signed rank test</td><td>{@code WilcoxonSignedRank.of}</td><td>scipy.stats.wilcoxon; enumeration with ties</td></tr>
 * <tr><td>Pearson, Spearman</td><td>{@code Correlation.pearson, spearman}</td><td>scipy.stats.pearsonr, spearmanr</td></tr>
 * <tr><td>bootstrap intervals</td><td>{@code Bootstrap.of}</td><td>scipy.stats.bootstrap: equal for the same resamples, within sampling error otherwise</td></tr>
 * <tr><td>Dice, Jaccard</td><td>{@code segmentation.Overlap.dice, jaccard}</td><td>medpy.metric.binary.dc, jc</td></tr>
 * <tr><td>Hausdorff, 95 % Hausdorff</td><td>{@code segmentation.SurfaceDistances.hausdorff, hausdorff95}</td><td>medpy.metric.binary.hd, hd95</td></tr>
 * <tr><td>average surface distances</td><td>{@code segmentation.SurfaceDistances.average, averageSymmetric}</td><td>medpy.metric.binary.asd, assd</td></tr>
 * <tr><td>average Hausdorff distance</td><td>{@code segmentation.AverageHausdorff.of}</td><td>the definition, with scipy.ndimage.distance_transform_edt</td></tr>
 * <tr><td>distance transform</td><td>{@code segmentation.DistanceTransform.of}</td><td>scipy.ndimage.distance_transform_edt</td></tr>
 * <tr><td>absolute change</td><td>{@code image.AbsoluteChange.of, inside, outside}</td><td>the definition, in NumPy</td></tr>
 * <tr><td>PSNR</td><td>{@code image.Psnr.of}</td><td>skimage.metrics.peak_signal_noise_ratio</td></tr>
 * <tr><td>SSIM and its map</td><td>{@code image.Ssim.uniform, gaussian}</td><td>skimage.metrics.structural_similarity</td></tr>
 * <tr><td>Fréchet distance</td><td>{@code features.FrechetDistance.of}</td><td>torchmetrics' _compute_fid and pytorch-fid's formula; for singular covariances the same in 50 digits up to d = 12, beyond by LAPACK's singular values</td></tr>
 * <tr><td>kernel distance</td><td>{@code features.KernelDistance.of}</td><td>torchmetrics' poly_mmd, with sklearn.metrics.pairwise.polynomial_kernel</td></tr>
 * <tr><td>precision, recall, density, coverage</td><td>{@code features.Manifold.of}</td><td>prdc.compute_prdc; with copies of rows, on distances by scipy.spatial.distance.cdist</td></tr>
 * </table>
 */
@NullMarked
package radedit.metrics;

import org.jspecify.annotations.NullMarked;
